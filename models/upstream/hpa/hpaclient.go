package drive

import (
	"context"
	"errors"
	"strconv"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	autoscalinginformers "k8s.io/client-go/informers/autoscaling/v2"
	"k8s.io/client-go/kubernetes/fake"
	typed "k8s.io/client-go/kubernetes/typed/autoscaling/v2"
	"k8s.io/client-go/tools/cache"
	defaults "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
)

var hpaResource = schema.GroupVersionResource{
	Group: "autoscaling", Version: "v2", Resource: "horizontalpodautoscalers"}

// hpas is the API server's half of the HPA object: defaults, resource versions
// and the status subresource, which the fake client lacks. The object itself
// and its watch are the fake client's.
type hpas struct {
	typed.HorizontalPodAutoscalerInterface
	client  *fake.Clientset
	world   *world
	version *int64
}

func (h hpas) HorizontalPodAutoscalers(string) typed.HorizontalPodAutoscalerInterface {
	return h
}

func (h hpas) stored() *autoscalingv2.HorizontalPodAutoscaler {
	o, err := h.client.Tracker().Get(hpaResource, "ns", "hpa")
	if err != nil {
		panic(err)
	}
	return o.(*autoscalingv2.HorizontalPodAutoscaler).DeepCopy()
}

func (h hpas) store(o *autoscalingv2.HorizontalPodAutoscaler) {
	*h.version++
	o.ResourceVersion = strconv.FormatInt(*h.version, 10)
	if err := h.client.Tracker().Update(hpaResource, o, "ns"); err != nil {
		panic(err)
	}
}

func (h hpas) create(spec autoscalingv2.HorizontalPodAutoscalerSpec) {
	*h.version++
	o := &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Name: "hpa", Namespace: "ns",
			ResourceVersion: strconv.FormatInt(*h.version, 10)},
		Spec: complete(spec)}
	defaults.SetDefaults_HorizontalPodAutoscaler(o)
	if err := h.client.Tracker().Create(hpaResource, o, "ns"); err != nil {
		panic(err)
	}
}

func (h hpas) edit(spec autoscalingv2.HorizontalPodAutoscalerSpec) {
	o := h.stored()
	o.Spec = complete(spec)
	defaults.SetDefaults_HorizontalPodAutoscaler(o)
	h.store(o)
}

// complete names the target and the metrics, which is the same in every
// scenario.
func complete(spec autoscalingv2.HorizontalPodAutoscalerSpec) autoscalingv2.HorizontalPodAutoscalerSpec {
	spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference{
		APIVersion: "apps/v1", Kind: "Deployment", Name: "build"}
	for i := range spec.Metrics {
		spec.Metrics[i].Type = autoscalingv2.ExternalMetricSourceType
		spec.Metrics[i].External.Metric.Name = metricName(i)
	}
	return spec
}

func (h hpas) UpdateStatus(_ context.Context, o *autoscalingv2.HorizontalPodAutoscaler,
	_ metav1.UpdateOptions) (*autoscalingv2.HorizontalPodAutoscaler, error) {
	w := h.world
	w.busy.Add(1)
	defer w.busy.Add(-1)
	w.writeFailed, w.failedUS = false, 0 // the attempts are over
	s := shown(o)
	s.Reworded = reworded(h.stored().Status.Conditions, o.Status.Conditions)
	a := w.wire.ask(question{Ask: "status", Status: s})
	sleepUS(w.lat.EchoUS)
	if a.Error != "" {
		sleepUS(w.lat.StatusUS - w.lat.EchoUS)
		return nil, errors.New(a.Error)
	}
	now := h.stored()
	if now.ResourceVersion != o.ResourceVersion {
		return nil, apierrors.NewConflict(hpaResource.GroupResource(), o.Name,
			errors.New("changed"))
	}
	now.Status = *o.Status.DeepCopy()
	h.store(now)
	sleepUS(w.lat.StatusUS - w.lat.EchoUS)
	return now, nil
}

func reworded(old, now []autoscalingv2.HorizontalPodAutoscalerCondition) bool {
	for i := range old {
		if i < len(now) && old[i].Reason == now[i].Reason &&
			old[i].Message != now[i].Message {
			return true
		}
	}
	return false
}

func shown(o *autoscalingv2.HorizontalPodAutoscaler) *status {
	s := &status{Current: o.Status.CurrentReplicas,
		Desired: o.Status.DesiredReplicas, Average: []*int64{}}
	for _, m := range o.Status.CurrentMetrics {
		var milli *int64
		if m.External != nil && m.External.Current.AverageValue != nil {
			v := m.External.Current.AverageValue.MilliValue()
			milli = &v
		} else if m.External != nil && m.External.Current.Value != nil {
			v := m.External.Current.Value.MilliValue()
			milli = &v
		}
		s.Average = append(s.Average, milli)
	}
	for _, c := range o.Status.Conditions {
		switch c.Type {
		case autoscalingv2.AbleToScale:
			s.Able = c.Reason
		case autoscalingv2.ScalingActive:
			s.Active = c.Reason
		case autoscalingv2.ScalingLimited:
			s.Limited = c.Reason
		}
	}
	return s
}

// ------------------------------------------------------------ the informer

// lateInformer is the real informer, whose first event reaches the controller
// a moment late. The informer's resync ticks start at the list, so that the
// first reconcile and a tick would otherwise fall on one instant, where their
// order is chance.
type lateInformer struct {
	autoscalinginformers.HorizontalPodAutoscalerInformer
	world *world
}

func (l lateInformer) Informer() cache.SharedIndexInformer {
	return lateShared{l.HorizontalPodAutoscalerInformer.Informer(), l.world}
}

type lateShared struct {
	cache.SharedIndexInformer
	world *world
}

func (s lateShared) AddEventHandlerWithResyncPeriod(h cache.ResourceEventHandler,
	period time.Duration) (cache.ResourceEventHandlerRegistration, error) {
	first := true
	_, err := s.SharedIndexInformer.AddEventHandlerWithResyncPeriod(
		cache.ResourceEventHandlerFuncs{UpdateFunc: func(old, now any) {
			if first && version(old) == version(now) {
				first = false
				s.world.wire.tell(question{Ask: "tick"})
			}
		}}, period)
	if err != nil {
		return nil, err
	}
	return s.SharedIndexInformer.AddEventHandlerWithResyncPeriod(
		lateHandler{h, s.world}, period)
}

func version(o any) string {
	return o.(*autoscalingv2.HorizontalPodAutoscaler).ResourceVersion
}

type lateHandler struct {
	cache.ResourceEventHandler
	world *world
}

func (l lateHandler) OnAdd(o any, initial bool) {
	sleepUS(l.world.lat.FirstEventUS)
	l.ResourceEventHandler.OnAdd(o, initial)
	l.world.wire.tell(question{Ask: "seen"})
}
