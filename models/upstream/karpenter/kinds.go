package karpenter

import (
	"fmt"
	"sort"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/controllers/provisioning"
)

// ------------------------------------------------------------ the batcher

// batch runs the real provisioner without a pod in its cluster: when it lists
// the pending pods, a window has closed and would be solved.
func (x *world) batch() {
	var solved bool
	n := 0
	x.onList = func() {
		if solved || !x.pending() {
			return
		}
		solved = true
		x.wire.tell(decision{Ask: "solve", T: x.wire.now()})
		long := x.s.SolveUS
		if n < len(x.s.SolvesUS) {
			long = x.s.SolvesUS[n]
		}
		n++
		time.Sleep(us(long))
	}
	for i, s := range x.s.Sources {
		go x.source(i, s)
	}
	for _, u := range x.s.Unsynced {
		go x.unsynced(u)
	}
	for x.wire.now() < x.s.EndUS {
		from := time.Now()
		solved = false
		_, err := x.provisioner.Reconcile(x.ctx)
		must(err)
		// Without a trigger it looks again after exactly a second.
		if !solved && !x.cluster.Synced(x.ctx) && time.Since(from) != time.Second && x.pending() {
			x.wire.tell(decision{Ask: "void", T: x.wire.now()})
		}
	}
}

// pending tells whether any pod of the scenario waits now.
func (x *world) pending() bool {
	now := x.wire.now()
	for _, s := range x.s.Sources {
		if !s.Node && s.FromUS <= now && now < s.UntilUS {
			return true
		}
	}
	return false
}

// source is one object for as long as it triggers, under its real controller.
func (x *world) source(i int, s source) {
	pods := provisioning.NewPodController(x.client, x.provisioner, x.cluster)
	nodes := provisioning.NewNodeController(x.client, x.provisioner)
	pod := x.pendingPod(i, pod{})
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{UID: types.UID(fmt.Sprint("node-", i))}}
	node.Spec.Taints = []corev1.Taint{v1.DisruptedNoScheduleTaint}
	x.until(s.FromUS)
	for x.wire.now() < min(s.UntilUS, x.s.EndUS) {
		var after time.Duration
		if s.Node {
			r, err := nodes.Reconcile(x.ctx, node)
			must(err)
			after = r.RequeueAfter
		} else {
			r, err := pods.Reconcile(x.ctx, pod)
			must(err)
			after = r.RequeueAfter
		}
		time.Sleep(after)
	}
}

// unsynced is a claim in flight.
func (x *world) unsynced(span [2]int64) {
	c := &v1.NodeClaim{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("flight-", span[0])}}
	x.until(span[0])
	x.cluster.UpdateNodeClaim(c)
	x.until(span[1])
	x.cluster.DeleteNodeClaim(c.Name)
}

func (x *world) until(atUS int64) {
	time.Sleep(us(atUS) - time.Since(x.wire.origin))
}

// ------------------------------------------------------------ the solve

func podIndexes(pods []*corev1.Pod) []int {
	list := []int{}
	for _, p := range pods {
		i, err := strconv.Atoi(p.Name[len("pod-"):])
		must(err)
		list = append(list, i)
	}
	sort.Ints(list)
	return list
}

func (x *world) typeIndex(name string) int {
	for i, t := range x.s.Types {
		if t.Name == name {
			return i
		}
	}
	panic("no type " + name)
}

func (x *world) solve() {
	r, err := x.provisioner.Schedule(x.ctx)
	must(err)
	d := decision{Ask: "solved", T: x.wire.now(), Nodes: make([][]int, len(x.s.Nodes))}
	for i := range d.Nodes {
		d.Nodes[i] = []int{} // a leaving one takes none
	}
	for _, n := range r.ExistingNodes {
		d.Nodes[nodeIndex(n.Name())] = podIndexes(n.Pods)
	}
	for _, n := range r.NewNodeClaims {
		c := claim{Pool: poolIndex(n.NodePoolName), Pods: podIndexes(n.Pods)}
		for _, t := range n.InstanceTypeOptions {
			c.Types = append(c.Types, x.typeIndex(t.Name))
		}
		sort.Ints(c.Types)
		d.Claims = append(d.Claims, c)
	}
	// The order of claims with equally many pods is of no account.
	sort.Slice(d.Claims, func(a, b int) bool { return d.Claims[a].Pods[0] < d.Claims[b].Pods[0] })
	var left []*corev1.Pod
	for p := range r.PodErrors {
		left = append(left, p)
	}
	d.Left = podIndexes(left)
	x.wire.tell(d)
}
