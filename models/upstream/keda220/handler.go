package drive

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/scale"
	"k8s.io/metrics/pkg/apis/external_metrics"
	"sigs.k8s.io/controller-runtime/pkg/client"

	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	"github.com/kedacore/keda/v2/pkg/scalers/authentication"
	"github.com/kedacore/keda/v2/pkg/scaling"
)

// handler is what KEDA 2.20 has where earlier versions have other signatures.
type handler struct{ scaling.ScaleHandler }

func newHandler(c client.Client, s scale.ScalesGetter, scheme *runtime.Scheme) handler {
	return handler{scaling.NewScaleHandler(c, s, scheme, 3*time.Second,
		noEvents{}, &authentication.AuthClientSet{})}
}

func (h handler) handle(ctx context.Context, so *kedav1alpha1.ScaledObject) error {
	return h.HandleScalableObject(ctx, so)
}

func (h handler) metrics(ctx context.Context, metric string) (*external_metrics.ExternalMetricValueList, error) {
	return h.GetScaledObjectMetrics(ctx, name, namespace, metric)
}

type noEvents struct{}

func (noEvents) Eventf(_, _ runtime.Object, _, _, _, _ string, _ ...any) {}
