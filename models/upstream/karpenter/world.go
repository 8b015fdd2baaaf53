package karpenter

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	conditions "sigs.k8s.io/karpenter/pkg/controllers/nodeclaim/disruption"
	"sigs.k8s.io/karpenter/pkg/controllers/provisioning"
	"sigs.k8s.io/karpenter/pkg/controllers/state"
	"sigs.k8s.io/karpenter/pkg/events"
)

const finalizer = "drydock/kept"

type silent struct{}

func (silent) Publish(...events.Event) {}

// A swap is the store of the scenario that is played.
type swap struct {
	client.Client
}

// What lasts from one scenario to the next.
type lasting struct {
	client      *swap
	cloud       *cloud
	cluster     *state.Cluster
	provisioner *provisioning.Provisioner
	conditions  *conditions.Controller
}

func newLasting() *lasting {
	l := &lasting{client: &swap{}, cloud: &cloud{}}
	clk := clock.RealClock{} // virtual within the bubble
	l.cluster = state.NewCluster(clk, l.client, l.cloud)
	l.provisioner = provisioning.NewProvisioner(l.client, silent{}, l.cloud, l.cluster, clk)
	l.conditions = conditions.NewController(clk, l.client, l.cloud)
	return l
}

// A world is the cluster in memory and the parts of Karpenter that all kinds
// of scenario need.
type world struct {
	*lasting
	ctx    context.Context
	wire   *wire
	s      scenario
	mu     sync.Mutex // of changes to objects
	onList func()     // of pending pods
	lists  sync.Mutex
	onNode map[string]*corev1.PodList
}

func newWorld(ctx context.Context, l *lasting, w *wire, s scenario) *world {
	x := &world{lasting: l, ctx: ctx, wire: w, s: s, onNode: map[string]*corev1.PodList{}}
	l.client.Client = x.store()
	l.cloud.s = &x.s
	l.cluster.Reset()
	l.conditions.Reset()
	for i := range s.Nodes {
		x.observe(i)
	}
	for i, n := range s.Nodes {
		if n.Marked {
			x.cluster.MarkForDeletion(providerID(i))
		}
	}
	return x
}

// observe is what the informers of nodes and claims do.
func (x *world) observe(i int) {
	var c v1.NodeClaim
	if x.client.Get(x.ctx, client.ObjectKey{Name: nodeName(i)}, &c) != nil {
		x.cluster.DeleteNodeClaim(nodeName(i))
		x.cluster.DeleteNode(nodeName(i))
		return
	}
	x.cluster.UpdateNodeClaim(&c)
	var n corev1.Node
	if x.client.Get(x.ctx, client.ObjectKey{Name: nodeName(i)}, &n) == nil {
		must(x.cluster.UpdateNode(x.ctx, &n))
	}
}

// store makes the objects, with the field indexes that Karpenter declares.
func (x *world) store() client.Client {
	b := fake.NewClientBuilder().WithScheme(scheme.Scheme).
		WithStatusSubresource(&corev1.Node{}, &corev1.Pod{}, &v1.NodeClaim{}, &v1.NodePool{}).
		WithIndex(&corev1.Pod{}, "spec.nodeName", func(o client.Object) []string {
			return []string{o.(*corev1.Pod).Spec.NodeName}
		}).
		WithIndex(&corev1.Node{}, "spec.providerID", func(o client.Object) []string {
			return []string{o.(*corev1.Node).Spec.ProviderID}
		}).
		WithIndex(&v1.NodeClaim{}, "status.providerID", func(o client.Object) []string {
			return []string{o.(*v1.NodeClaim).Status.ProviderID}
		}).
		WithIndex(&storagev1.VolumeAttachment{}, "spec.nodeName", func(o client.Object) []string {
			return []string{o.(*storagev1.VolumeAttachment).Spec.NodeName}
		}).
		WithInterceptorFuncs(interceptor.Funcs{
			List: func(ctx context.Context, c client.WithWatch, list client.ObjectList, opts ...client.ListOption) error {
				if pods, ok := list.(*corev1.PodList); ok {
					return x.listPods(ctx, c, pods, opts...)
				}
				return c.List(ctx, list, opts...)
			},
		})
	for i, p := range x.s.Pools {
		b = b.WithObjects(nodePool(i, p))
		if p.Daemon != (size{}) {
			b = b.WithObjects(daemonSet(i, p))
		}
	}
	for i, n := range x.s.Nodes {
		if n.Phase == "" {
			continue
		}
		b = b.WithObjects(x.nodeClaim(i, n))
		if n.Phase != "launched" {
			b = b.WithObjects(x.node(i, n))
		}
		for k := range x.s.Pools[n.Pool].Daemons {
			b = b.WithObjects(daemonPod(i, k))
		}
		if n.Used != (size{}) {
			b = b.WithObjects(boundPod(fmt.Sprintf("used-%d", i), i, n.Used))
		}
	}
	for i, p := range x.s.Pending {
		b = b.WithObjects(x.pendingPod(i, p))
	}
	return b.Build()
}

// listPods keeps the pods of each node, as an informer's index does: the store
// in memory would read all of them each time.
func (x *world) listPods(ctx context.Context, c client.Client, pods *corev1.PodList, opts ...client.ListOption) error {
	if x.onList != nil {
		x.onList()
	}
	o := client.ListOptions{}
	o.ApplyOptions(opts)
	if o.FieldSelector == nil {
		return c.List(ctx, pods, opts...)
	}
	name, ok := o.FieldSelector.RequiresExactMatch("spec.nodeName")
	if !ok || name == "" {
		return c.List(ctx, pods, opts...)
	}
	x.lists.Lock()
	defer x.lists.Unlock()
	if x.onNode[name] == nil {
		if err := c.List(ctx, pods, opts...); err != nil {
			return err
		}
		x.onNode[name] = pods.DeepCopy()
		return nil
	}
	x.onNode[name].DeepCopyInto(pods)
	return nil
}

// podsChanged forgets what is known of the pods on a node.
func (x *world) podsChanged(node int) {
	x.lists.Lock()
	defer x.lists.Unlock()
	delete(x.onNode, nodeName(node))
}

func poolName(i int) string   { return fmt.Sprintf("pool-%02d", i) }
func nodeName(i int) string   { return fmt.Sprintf("node-%04d", i) }
func providerID(i int) string { return "drydock://" + nodeName(i) }

func poolIndex(name string) int {
	i, err := strconv.Atoi(name[len("pool-"):])
	must(err)
	return i
}

func nodeIndex(name string) int {
	i, err := strconv.Atoi(name[len("node-"):])
	must(err)
	return i
}

func duration(t *int64) v1.NillableDuration {
	if t == nil {
		return v1.NillableDuration{}
	}
	d := us(*t)
	return v1.NillableDuration{Duration: &d}
}

var classRef = &v1.NodeClassReference{Group: "karpenter.sh", Kind: "NodeClaim", Name: "any"}

func nodePool(i int, p pool) *v1.NodePool {
	np := &v1.NodePool{ObjectMeta: metav1.ObjectMeta{Name: poolName(i), UID: types.UID(poolName(i))}}
	weight := p.Weight
	np.Spec.Weight = &weight
	if p.Limit != nil {
		np.Spec.Limits = v1.Limits(amounts(*p.Limit, false))
	}
	np.Spec.Template.Spec.NodeClassRef = classRef
	np.Spec.Template.Spec.ExpireAfter = duration(p.Expire)
	np.Spec.Disruption = v1.Disruption{
		ConsolidationPolicy: v1.ConsolidationPolicyWhenEmpty,
		ConsolidateAfter:    duration(p.After),
	}
	for _, b := range p.Budgets {
		var reasons []v1.DisruptionReason
		for _, r := range b.Reasons {
			reasons = append(reasons, v1.DisruptionReason(r))
		}
		np.Spec.Disruption.Budgets = append(np.Spec.Disruption.Budgets,
			v1.Budget{Nodes: b.Nodes, Reasons: reasons})
	}
	np.StatusConditions().SetTrue(v1.ConditionTypeValidationSucceeded)
	np.StatusConditions().SetTrue(v1.ConditionTypeNodeClassReady)
	return np
}

func (x *world) labels(n node) map[string]string {
	l := map[string]string{
		v1.NodePoolLabelKey:            poolName(n.Pool),
		corev1.LabelInstanceTypeStable: x.s.Types[n.Type].Name,
		corev1.LabelTopologyZone:       zoneName(0),
		v1.CapacityTypeLabelKey:        v1.CapacityTypeOnDemand,
		corev1.LabelArchStable:         "amd64",
		corev1.LabelOSStable:           "linux",
	}
	if n.Phase == "registered" || n.Phase == "initialized" {
		l[v1.NodeRegisteredLabelKey] = "true"
	}
	if n.Phase == "initialized" {
		l[v1.NodeInitializedLabelKey] = "true"
	}
	return l
}

func (x *world) meta(i int, n node) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name:              nodeName(i),
		UID:               types.UID(nodeName(i)),
		Labels:            x.labels(n),
		Finalizers:        []string{finalizer},
		CreationTimestamp: metav1.NewTime(time.Now().Add(-time.Duration(n.AgeS) * time.Second)),
	}
}

func (x *world) nodeClaim(i int, n node) *v1.NodeClaim {
	t := x.s.Types[n.Type]
	c := &v1.NodeClaim{ObjectMeta: x.meta(i, n)}
	c.Spec.NodeClassRef = classRef
	c.Spec.ExpireAfter = duration(x.s.Pools[n.Pool].Expire)
	if n.Phase == "claimed" {
		return c
	}
	c.Status.ProviderID = providerID(i)
	c.Status.NodeName = nodeName(i)
	c.Status.Capacity = amounts(t.Capacity, true)
	c.Status.Allocatable = amounts(t.Allocatable, true)
	c.StatusConditions().SetTrue(v1.ConditionTypeLaunched)
	if n.Phase != "launched" {
		c.StatusConditions().SetTrue(v1.ConditionTypeRegistered)
	}
	if n.Phase == "initialized" {
		c.StatusConditions().SetTrue(v1.ConditionTypeInitialized)
	}
	return c
}

func (x *world) node(i int, n node) *corev1.Node {
	t := x.s.Types[n.Type]
	o := &corev1.Node{ObjectMeta: x.meta(i, n)}
	o.Spec.ProviderID = providerID(i)
	o.Status.Capacity = amounts(t.Capacity, true)
	o.Status.Allocatable = amounts(t.Allocatable, true)
	setReady(o, !n.Unready && n.Phase == "initialized")
	return o
}

// setReady is what the kubelet, or the node life-cycle controller, does.
func setReady(n *corev1.Node, ready bool) {
	is := corev1.ConditionTrue
	n.Spec.Taints = nil
	if !ready {
		is = corev1.ConditionFalse
		n.Spec.Taints = []corev1.Taint{{Key: corev1.TaintNodeNotReady, Effect: corev1.TaintEffectNoSchedule}}
	}
	n.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: is}}
}

func owner(kind string) []metav1.OwnerReference {
	yes := true
	return []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: kind, Name: "any", UID: "any", Controller: &yes}}
}

func podSpec(s size) corev1.PodSpec {
	return corev1.PodSpec{Containers: []corev1.Container{{
		Name:      "main",
		Resources: corev1.ResourceRequirements{Requests: amounts(s, false)},
	}}}
}

func boundPod(name string, node int, s size) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: name, Namespace: "default", UID: types.UID(name), OwnerReferences: owner("ReplicaSet"),
		Finalizers: []string{finalizer},
	}}
	p.Spec = podSpec(s)
	p.Spec.NodeName = nodeName(node)
	p.Status.Phase = corev1.PodRunning
	return p
}

// daemonPod is critical to the node, as most of them are.
func daemonPod(node, k int) *corev1.Pod {
	p := boundPod(fmt.Sprintf("daemon-%d-%d", node, k), node, size{})
	priority := int32(2000001000)
	p.OwnerReferences = owner("DaemonSet")
	p.Spec.Priority = &priority
	p.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
	return p
}

func daemonSet(i int, p pool) *appsv1.DaemonSet {
	d := &appsv1.DaemonSet{ObjectMeta: metav1.ObjectMeta{Name: poolName(i), Namespace: "default"}}
	d.Spec.Template.Spec = podSpec(p.Daemon)
	d.Spec.Template.Spec.NodeSelector = map[string]string{v1.NodePoolLabelKey: poolName(i)}
	d.Spec.Template.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
	return d
}

// pendingPod has failed to be scheduled; pods of one size come in the order
// of their numbers.
func (x *world) pendingPod(i int, p pod) *corev1.Pod {
	name := fmt.Sprintf("pod-%05d", i)
	o := boundPod(name, 0, p.Size)
	o.Spec.NodeName = ""
	o.Status.Phase = corev1.PodPending
	o.Status.Conditions = []corev1.PodCondition{{
		Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonUnschedulable,
	}}
	var names []string
	for _, k := range p.Pools {
		names = append(names, poolName(k))
	}
	o.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
			NodeSelectorTerms: []corev1.NodeSelectorTerm{{
				MatchExpressions: []corev1.NodeSelectorRequirement{{
					Key: v1.NodePoolLabelKey, Operator: corev1.NodeSelectorOpIn, Values: names,
				}},
			}},
		},
	}}
	return o
}
