package karpenter

import (
	"fmt"
	"sort"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/controllers/disruption"
	"sigs.k8s.io/karpenter/pkg/controllers/nodeclaim/podevents"
)

// A remover is the disruption loop with the two controllers that it lives on.
type remover struct {
	*world
	queue     *disruption.Queue
	loop      *disruption.Controller
	podEvents *podevents.Controller
	turn      []int // of each claim's next reconcile
	pods      []int // on each node
	marked    []bool
	gone      []bool
	guests    map[int]bool
}

func (x *world) disrupt() {
	clk := clock.RealClock{}
	n := len(x.s.Nodes)
	r := &remover{
		world:     x,
		podEvents: podevents.NewController(clk, x.client, x.cloud),
		turn:      make([]int, n), pods: make([]int, n), marked: make([]bool, n),
		gone: make([]bool, n), guests: map[int]bool{},
	}
	r.queue = disruption.NewQueue(x.client, silent{}, x.cluster, clk, x.provisioner)
	r.loop = disruption.NewController(clk, x.client, x.provisioner, x.cloud, silent{}, x.cluster, r.queue)
	for i := range n {
		r.look(i)
	}
	go r.passes()
	for _, e := range x.s.Events {
		x.until(e.AtUS)
		r.change(e)
	}
	x.until(x.s.EndUS)
}

func (r *remover) passes() {
	r.until(r.s.StartUS)
	for r.ctx.Err() == nil && r.wire.now() < r.s.EndUS {
		result, err := r.loop.Reconcile(r.ctx)
		if r.ctx.Err() != nil {
			return
		}
		must(err)
		r.carryOut()
		time.Sleep(result.RequeueAfter)
	}
}

// carryOut is what the queue does with commands: it deletes the claims.
func (r *remover) carryOut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	var marked []int
	for _, c := range r.queue.GetCommands() {
		for _, one := range c.Candidates {
			marked = append(marked, nodeIndex(one.NodeClaim.Name))
		}
		_, err := r.queue.Reconcile(r.ctx, c.Candidates[0].NodeClaim)
		must(err)
	}
	if len(marked) == 0 {
		return
	}
	sort.Ints(marked)
	for _, i := range marked {
		r.marked[i] = true
		r.observe(i)
		r.drained(i)
	}
	r.wire.tell(decision{Ask: "marked", T: r.wire.now(), Marked: marked})
}

// drained lets a marked node without pods end in its time.
func (r *remover) drained(i int) {
	if r.s.DrainUS == 0 || !r.marked[i] || r.pods[i] > 0 {
		return
	}
	go func() {
		time.Sleep(us(r.s.DrainUS))
		r.mu.Lock()
		if r.ctx.Err() != nil {
			r.mu.Unlock()
			return
		}
		r.terminate(i)
		r.mu.Unlock()
		time.Sleep(us(r.s.GoneUS))
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ctx.Err() != nil {
			return
		}
		r.end(i)
	}()
}

// terminate says that the instance is being ended.
func (r *remover) terminate(i int) {
	c := r.claim(i)
	stored := c.DeepCopy()
	c.StatusConditions().SetTrue(v1.ConditionTypeInstanceTerminating)
	must(r.client.Status().Patch(r.ctx, c, client.MergeFrom(stored)))
	r.observe(i)
}

// end takes the claim and its node away.
func (r *remover) end(i int) {
	r.remove(r.claim(i))
	var n corev1.Node
	if r.client.Get(r.ctx, client.ObjectKey{Name: nodeName(i)}, &n) == nil {
		r.remove(&n)
	}
	r.observe(i)
	r.gone[i] = true
}

// remove deletes an object, if nobody has, and lets it go.
func (r *remover) remove(o client.Object) {
	if o.GetDeletionTimestamp().IsZero() {
		must(r.client.Delete(r.ctx, o))
		must(r.client.Get(r.ctx, client.ObjectKeyFromObject(o), o))
	}
	r.release(o)
}

func (r *remover) release(o client.Object) {
	o.SetFinalizers(nil)
	must(r.client.Update(r.ctx, o))
}

func (r *remover) claim(i int) *v1.NodeClaim {
	var c v1.NodeClaim
	must(r.client.Get(r.ctx, client.ObjectKey{Name: nodeName(i)}, &c))
	return &c
}

func (r *remover) nodeObject(i int) *corev1.Node {
	var n corev1.Node
	must(r.client.Get(r.ctx, client.ObjectKey{Name: nodeName(i)}, &n))
	return &n
}

// look reconciles the conditions of a claim, now and when they ask for it.
func (r *remover) look(i int) {
	var c v1.NodeClaim
	if r.client.Get(r.ctx, client.ObjectKey{Name: nodeName(i)}, &c) != nil {
		return
	}
	result, err := r.conditions.Reconcile(r.ctx, &c)
	must(err)
	r.observe(i)
	r.turn[i]++
	if result.RequeueAfter == 0 {
		return
	}
	go func(turn int) {
		time.Sleep(result.RequeueAfter)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ctx.Err() == nil && r.turn[i] == turn {
			r.look(i)
		}
	}(r.turn[i])
}

func podName(i int) string { return fmt.Sprintf("guest-%d", i) }

func (r *remover) change(e change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gone[e.Node] && e.Do != "probe" {
		return
	}
	switch e.Do {
	case "bind", "terminating", "terminal", "lost":
		if e.Do == "bind" && r.marked[e.Node] {
			return // the taint keeps it away
		}
		if e.Do != "bind" && !r.guests[e.Pod] {
			return
		}
		r.guests[e.Pod] = e.Do == "bind" || e.Do == "terminating"
		r.podChange(e)
	case "ready", "unready":
		n := r.nodeObject(e.Node)
		taints := n.Spec.Taints
		setReady(n, e.Do == "ready")
		n.Spec.Taints = taints // an empty node has nobody to keep away
		must(r.client.Status().Update(r.ctx, n))
		r.observe(e.Node)
	case "block", "unblock":
		n := r.nodeObject(e.Node)
		n.Annotations = map[string]string{v1.DoNotDisruptAnnotationKey: fmt.Sprint(e.Do == "block")}
		must(r.client.Update(r.ctx, n))
		r.observe(e.Node)
	case "nominate":
		r.cluster.NominateNodeForPod(r.ctx, providerID(e.Node))
	case "probe":
		r.probe()
	default:
		r.live(e)
	}
}

// live is the life of a node that the scenario tells from its claim to its end.
func (r *remover) live(e change) {
	i := e.Node
	n := &r.s.Nodes[i]
	switch e.Do {
	case "claim":
		n.Phase = "claimed"
		must(r.client.Create(r.ctx, r.nodeClaim(i, *n)))
	case "launch", "register", "initialize":
		n.Phase = strings.TrimSuffix(e.Do, "e") + "ed"
		r.grow(i, *n)
	case "delete":
		r.marked[i] = true
		must(r.client.Delete(r.ctx, r.claim(i)))
	case "terminate":
		r.terminate(i)
		return
	case "end":
		r.end(i)
		return
	default:
		panic("no such change: " + e.Do)
	}
	r.look(i)
}

// grow brings the stored claim, and the node, to what they are in this phase.
func (r *remover) grow(i int, n node) {
	c, next := r.claim(i), r.nodeClaim(i, n)
	c.Labels = next.Labels
	must(r.client.Update(r.ctx, c))
	c = r.claim(i)
	c.Status.ProviderID, c.Status.NodeName = next.Status.ProviderID, next.Status.NodeName
	c.Status.Capacity, c.Status.Allocatable = next.Status.Capacity, next.Status.Allocatable
	c.StatusConditions().SetTrue(map[string]string{
		"launched":    v1.ConditionTypeLaunched,
		"registered":  v1.ConditionTypeRegistered,
		"initialized": v1.ConditionTypeInitialized,
	}[n.Phase])
	must(r.client.Status().Update(r.ctx, c))
	switch n.Phase {
	case "registered":
		for k := range r.s.Pools[n.Pool].Daemons {
			must(r.client.Create(r.ctx, daemonPod(i, k)))
		}
		r.podsChanged(i)
		must(r.client.Create(r.ctx, r.node(i, n)))
	case "initialized":
		o, ready := r.nodeObject(i), r.node(i, n)
		o.Labels, o.Spec = ready.Labels, ready.Spec
		must(r.client.Update(r.ctx, o))
		o.Status = ready.Status
		must(r.client.Status().Update(r.ctx, o))
	}
}

// podChange is the pod's life on a node, with the events that it makes.
func (r *remover) podChange(e change) {
	key := client.ObjectKey{Namespace: "default", Name: podName(e.Pod)}
	p := boundPod(podName(e.Pod), e.Node, size{1000, 1024})
	defer r.podsChanged(e.Node)
	r.podsChanged(e.Node)
	switch e.Do {
	case "bind":
		r.pods[e.Node]++
		must(r.client.Create(r.ctx, p))
	case "terminating":
		must(r.client.Delete(r.ctx, p))
	case "terminal":
		must(r.client.Get(r.ctx, key, p))
		p.Status.Phase = corev1.PodSucceeded
		must(r.client.Status().Update(r.ctx, p))
	case "lost": // with its node, and nobody sees it end
		must(r.client.Get(r.ctx, key, p))
		r.remove(p)
		r.pods[e.Node]--
		r.cluster.DeletePod(key)
		return
	}
	must(r.client.Get(r.ctx, key, p))
	_, err := r.podEvents.Reconcile(r.ctx, p)
	must(err)
	must(r.cluster.UpdatePod(r.ctx, p))
	if e.Do == "terminal" {
		r.release(p) // is gone if it was terminating
		r.podsChanged(e.Node)
		r.pods[e.Node]--
		r.cluster.DeletePod(key)
		r.drained(e.Node)
	}
	r.look(e.Node)
	stamp := r.claim(e.Node).Status.LastPodEventTime
	eventS := stamp.Unix() - r.wire.origin.Unix()
	r.wire.tell(decision{Ask: "event", T: r.wire.now(), Node: &e.Node, EventS: &eventS})
}

// probe tells how many nodes of each pool may go.
func (r *remover) probe() {
	d := decision{Ask: "allowed", T: r.wire.now()}
	of := func(reason v1.DisruptionReason) []int {
		m, err := disruption.BuildDisruptionBudgetMapping(r.ctx, r.cluster,
			clock.RealClock{}, r.client, r.cloud, silent{}, reason)
		must(err)
		var list []int
		for i := range r.s.Pools {
			list = append(list, m[poolName(i)])
		}
		return list
	}
	d.Empty = of(v1.DisruptionReasonEmpty)
	d.Drifted = of(v1.DisruptionReasonDrifted)
	r.wire.tell(d)
}
