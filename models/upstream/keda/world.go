package drive

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/scale"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
)

// A balancer is the metrics endpoint. It lives outside the bubble, where the
// network is real; what it answers, the world says.
type balancer struct {
	wire   *wire
	server *http.Server
	url    string
}

func openBalancer(w *wire) *balancer {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	b := &balancer{wire: w, url: "http://" + listener.Addr().String()}
	b.server = &http.Server{Handler: b}
	go func() { _ = b.server.Serve(listener) }()
	return b
}

func (b *balancer) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	a := b.wire.askOutside(question{Ask: "get", Name: strings.TrimPrefix(r.URL.Path, "/")})
	out.WriteHeader(a.Code)
	fmt.Fprintf(out, "m %s\n", a.Value)
}

// ------------------------------------------------------------ the objects

const name, namespace = "pool", "ns"

type world struct {
	wire     *wire
	client   client.Client
	querying atomic.Bool
	polled   atomic.Bool
	triggers int
	names    []string // of the metrics, as the HPA asks for them
	pods     int32
}

func newScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		kedav1alpha1.AddToScheme, clientscheme.AddToScheme} {
		if err := add(s); err != nil {
			panic(err)
		}
	}
	return s
}

func scaledObject(s start, url string) *kedav1alpha1.ScaledObject {
	so := &kedav1alpha1.ScaledObject{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace,
			Generation: 1, Annotations: s.Annotations,
			CreationTimestamp: metav1.Now()},
		Spec: s.Object,
	}
	so.Spec.ScaleTargetRef = &kedav1alpha1.ScaleTarget{Name: "build"}
	for i := range so.Spec.Triggers {
		if s.Told {
			break
		}
		m := so.Spec.Triggers[i].Metadata
		m["url"] = fmt.Sprintf("%s/%d", url, i)
		m["valueLocation"] = "m"
		m["format"] = "prometheus"
		so.Spec.Triggers[i].Type = "metrics-api"
	}
	so.Status.ScaleTargetKind = "apps/v1.Deployment"
	so.Status.ScaleTargetGVKR = &kedav1alpha1.GroupVersionKindResource{
		Group: "apps", Version: "v1", Kind: "Deployment", Resource: "deployments"}
	so.Status.Conditions = *kedav1alpha1.GetInitializedConditions()
	return so
}

func deployment(replicas int32) *appsv1.Deployment {
	labels := map[string]string{"app": "build"}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "build", Namespace: namespace},
		Spec: appsv1.DeploymentSpec{Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{Containers: []corev1.Container{
					{Name: "build"}}}}},
	}
}

func newWorld(w *wire, s start, url string, scheme *runtime.Scheme) *world {
	x := &world{wire: w, triggers: len(s.Object.Triggers)}
	// A read of the object outside a query is the loop's.
	get := func(ctx context.Context, c client.WithWatch, key client.ObjectKey,
		o client.Object, opts ...client.GetOption) error {
		if _, ok := o.(*kedav1alpha1.ScaledObject); ok && !x.querying.Load() {
			x.polled.Store(true)
			w.tell(question{Ask: "poll"})
		}
		return c.Get(ctx, key, o, opts...)
	}
	// Pods are listed by a fallback that divides by ready ones.
	list := func(ctx context.Context, c client.WithWatch,
		l client.ObjectList, opts ...client.ListOption) error {
		if _, ok := l.(*corev1.PodList); ok && s.Told {
			x.ready(w.ask(question{Ask: "ready"}).Replicas)
		}
		return c.List(ctx, l, opts...)
	}
	x.client = fake.NewClientBuilder().WithScheme(scheme).
		WithStatusSubresource(&kedav1alpha1.ScaledObject{}).
		WithObjects(scaledObject(s, url), deployment(s.Spec)).
		WithInterceptorFuncs(interceptor.Funcs{Get: get, List: list}).Build()
	return x
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (x *world) object() *kedav1alpha1.ScaledObject {
	x.querying.Store(true)
	defer x.querying.Store(false)
	so := &kedav1alpha1.ScaledObject{}
	must(x.client.Get(context.Background(),
		client.ObjectKey{Namespace: namespace, Name: name}, so))
	return so
}

func (x *world) state() *state {
	so := x.object()
	condition := so.Status.Conditions.GetFallbackCondition()
	s := &state{Failures: make([]*int32, x.triggers),
		Fallback: condition.IsTrue()}
	for i := range x.names {
		s.Failures[i] = so.Status.Health[x.names[i]].NumberOfFailures
	}
	if so.Status.LastActiveTime != nil {
		at := so.Status.LastActiveTime.Unix() - x.wire.origin.Unix()
		s.ActiveS = &at
	}
	return s
}

func (x *world) resize(replicas int32) {
	d := &appsv1.Deployment{}
	must(x.client.Get(context.Background(),
		client.ObjectKey{Namespace: namespace, Name: "build"}, d))
	d.Spec.Replicas = &replicas
	must(x.client.Update(context.Background(), d))
}

// ready makes as many ready pods, or as few.
func (x *world) ready(n int32) {
	for ; x.pods < n; x.pods++ {
		must(x.client.Create(context.Background(), pod(x.pods)))
	}
	for ; x.pods > n; x.pods-- {
		must(x.client.Delete(context.Background(), pod(x.pods-1)))
	}
}

func pod(i int32) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("pod-%d", i),
			Namespace: namespace, Labels: map[string]string{"app": "build"}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning,
			Conditions: []corev1.PodCondition{{Type: corev1.PodReady,
				Status: corev1.ConditionTrue}}},
	}
}

// ------------------------------------------------------------ the scale

func (x *world) Scales(string) scale.ScaleInterface { return scales{world: x} }

type scales struct {
	scale.ScaleInterface // the calls that nobody makes
	world                *world
}

func (s scales) Get(ctx context.Context, _ schema.GroupResource, _ string,
	_ metav1.GetOptions) (*autoscalingv1.Scale, error) {
	d := &appsv1.Deployment{}
	err := s.world.client.Get(ctx,
		client.ObjectKey{Namespace: namespace, Name: "build"}, d)
	if err != nil {
		return nil, err
	}
	return &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Name: "build", Namespace: namespace},
		Spec:       autoscalingv1.ScaleSpec{Replicas: *d.Spec.Replicas},
		Status:     autoscalingv1.ScaleStatus{Selector: "app=build"}}, nil
}

func (s scales) Update(_ context.Context, _ schema.GroupResource,
	sc *autoscalingv1.Scale, _ metav1.UpdateOptions) (*autoscalingv1.Scale, error) {
	n := sc.Spec.Replicas
	s.world.wire.tell(question{Ask: "write", Replicas: &n})
	s.world.resize(n)
	return sc, nil
}
