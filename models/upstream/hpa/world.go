package drive

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	coreinformers "k8s.io/client-go/informers/core/v1"
	typedcore "k8s.io/client-go/kubernetes/typed/core/v1"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/scale"
	externalv1 "k8s.io/metrics/pkg/apis/external_metrics/v1beta1"
	"k8s.io/metrics/pkg/client/external_metrics"
)

// A world carries the controller's calls to the other side. busy is true from
// the start of a reconcile until nothing of it can be under way.
type world struct {
	wire *wire
	lat  latency
	busy atomic.Int32

	value bool // some target is of type Value: pods are looked at
	read  bool // a metric, in this reconcile

	writeFailed bool
	failedUS    int64 // when the scale was read again after a failed write
}

func sleepUS(us int64) {
	if us > 0 {
		time.Sleep(time.Duration(us) * time.Microsecond)
	}
}

// The back-off of a retry is 10 ms and a random part below 1 ms. The write that
// follows it is held until 11 ms are over, so that a scenario has one history.
const backoffUS = 11000

func (w *world) holdRetry() {
	if w.failedUS == 0 {
		return
	}
	until := time.Duration(w.failedUS+backoffUS) * time.Microsecond
	time.Sleep(until - time.Since(w.wire.origin))
	w.failedUS = 0
}

// ------------------------------------------------------------ the scale

func (w *world) Scales(string) scale.ScaleInterface { return scales{world: w} }

type scales struct {
	scale.ScaleInterface // the calls that nobody makes
	world                *world
}

func (s scales) Get(_ context.Context, _ schema.GroupResource, name string,
	_ metav1.GetOptions) (*autoscalingv1.Scale, error) {
	w := s.world
	w.busy.Add(1)
	defer w.busy.Add(-1)
	w.read = false
	from := w.wire.now()
	if w.writeFailed && w.lat.RetryGetUS != nil {
		sleepUS(*w.lat.RetryGetUS)
	} else {
		sleepUS(w.lat.GetUS)
	}
	w.failedUS = 0
	if w.writeFailed {
		w.failedUS = w.wire.now()
	}
	w.writeFailed = false
	a := w.wire.ask(question{Ask: "scale", From: from})
	if a.Error != "" {
		return nil, errors.New(a.Error)
	}
	return &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "ns",
			ResourceVersion: strconv.FormatInt(a.Version, 10)},
		Spec: autoscalingv1.ScaleSpec{Replicas: a.Spec},
		Status: autoscalingv1.ScaleStatus{Replicas: a.Status,
			Selector: "app=build"},
	}, nil
}

func (s scales) Update(_ context.Context, gr schema.GroupResource,
	sc *autoscalingv1.Scale, _ metav1.UpdateOptions) (*autoscalingv1.Scale, error) {
	w := s.world
	w.busy.Add(1)
	defer w.busy.Add(-1)
	w.holdRetry()
	sleepUS(w.lat.WriteUS)
	version, err := strconv.ParseInt(sc.ResourceVersion, 10, 64)
	if err != nil {
		return nil, err
	}
	n := sc.Spec.Replicas
	a := w.wire.ask(question{Ask: "write", Replicas: &n, Version: version})
	w.writeFailed = a.Conflict
	if a.Conflict {
		return nil, apierrors.NewConflict(gr, sc.Name, errors.New("changed"))
	}
	if a.Error != "" {
		return nil, errors.New(a.Error)
	}
	return sc, nil
}

// ------------------------------------------------------------ the metric

func (w *world) NamespacedMetrics(string) external_metrics.MetricsInterface {
	return external{w}
}

type external struct{ world *world }

func (e external) List(name string, _ labels.Selector) (
	*externalv1.ExternalMetricValueList, error) {
	w := e.world
	w.busy.Add(1)
	defer w.busy.Add(-1)
	a := w.wire.ask(question{Ask: "metric", Name: name})
	sleepUS(a.DelayUS)
	w.read = true
	if a.Error != "" {
		return nil, errors.New(a.Error)
	}
	list := &externalv1.ExternalMetricValueList{}
	for _, v := range a.Values {
		list.Items = append(list.Items, externalv1.ExternalMetricValue{
			MetricName: name,
			Timestamp:  metav1.Now(),
			Value:      *resource.NewMilliQuantity(v, resource.DecimalSI),
		})
	}
	return list, nil
}

// ------------------------------------------------------------ the pods

// livePods is the informer of the pods, whose lister looks at those that the
// world has at the moment. They matter to targets of type Value only, once the
// metric is read.
type livePods struct {
	coreinformers.PodInformer
	world *world
}

func (p livePods) Lister() corelisters.PodLister {
	return podLister{p.PodInformer.Lister(), p.world}
}

type podLister struct {
	corelisters.PodLister
	world *world
}

func (l podLister) Pods(ns string) corelisters.PodNamespaceLister {
	return namespacePods{l.PodLister.Pods(ns), l.world}
}

type namespacePods struct {
	corelisters.PodNamespaceLister
	world *world
}

func (n namespacePods) List(labels.Selector) ([]*corev1.Pod, error) {
	w := n.world
	if !w.value || !w.read {
		return nil, nil
	}
	a := w.wire.ask(question{Ask: "pods"})
	list := make([]*corev1.Pod, a.Pods)
	for i := range list {
		list[i] = &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodRunning}}
		if int32(i) < a.Ready {
			list[i].Status.Conditions = []corev1.PodCondition{{
				Type: corev1.PodReady, Status: corev1.ConditionTrue}}
		}
	}
	return list, nil
}

// ------------------------------------------------------------ the events

// Events of the recorder are not looked at; they would only cost memory.
func (w *world) Events(string) typedcore.EventInterface { return noEvents{} }

type noEvents struct{ typedcore.EventInterface }

func (noEvents) CreateWithEventNamespace(e *corev1.Event) (*corev1.Event, error) {
	return e, nil
}

func (noEvents) UpdateWithEventNamespace(e *corev1.Event) (*corev1.Event, error) {
	return e, nil
}

func (noEvents) PatchWithEventNamespace(e *corev1.Event, _ []byte) (*corev1.Event, error) {
	return e, nil
}

func (noEvents) CreateWithEventNamespaceWithContext(_ context.Context,
	e *corev1.Event) (*corev1.Event, error) {
	return e, nil
}

func (noEvents) UpdateWithEventNamespaceWithContext(_ context.Context,
	e *corev1.Event) (*corev1.Event, error) {
	return e, nil
}

func (noEvents) PatchWithEventNamespaceWithContext(_ context.Context,
	e *corev1.Event, _ []byte) (*corev1.Event, error) {
	return e, nil
}

// idle waits until no call has been open for a while longer than the back-off
// of a retry, so that what follows does not fall into a reconcile.
func (w *world) idle() {
	for quiet := 0; quiet < 20; quiet++ {
		time.Sleep(time.Millisecond)
		if w.busy.Load() > 0 {
			quiet = 0
		}
	}
}

func metricName(i int) string { return fmt.Sprintf("s%d", i) }
