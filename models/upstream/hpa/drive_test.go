// Package drive runs the unmodified HorizontalPodAutoscaler controller in
// virtual time. See models/upstream/README.md for the protocol.
package drive

import (
	"context"
	"io"
	"log"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	"k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// TestDrive plays one scenario after the other until the input ends.
func TestDrive(t *testing.T) {
	klog.SetOutput(io.Discard)
	klog.LogToStderr(false)
	log.SetOutput(io.Discard)
	// The handlers that are there by default limit their rate by the real
	// clock, which lies decades after the bubble's.
	utilruntime.ErrorHandlers = nil
	w := openWire()
	for {
		var s start
		if !w.read(&s) {
			return
		}
		if os.Getenv("DRIVE_CLOCK") == "real" {
			play(t, w, s)
		} else {
			synctest.Test(t, func(t *testing.T) { play(t, w, s) })
		}
		w.tell(question{Ask: "over"})
	}
}

// instance is one life of the controller.
type instance struct {
	cancel  context.CancelFunc
	factory informers.SharedInformerFactory
	done    sync.WaitGroup
}

func begin(w *world, h hpas, f flags) *instance {
	ctx, cancel := context.WithCancel(context.Background())
	i := &instance{cancel: cancel,
		// Longer than the sync period: zero would switch its ticks off.
		factory: informers.NewSharedInformerFactory(h.client, 12*time.Hour)}
	apps := schema.GroupVersion{Group: "apps", Version: "v1"}
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{apps})
	mapper.Add(apps.WithKind("Deployment"), meta.RESTScopeNamespace)
	controller := podautoscaler.NewHorizontalController(
		ctx, w, w, h, mapper,
		metrics.NewRESTMetricsClient(nil, nil, w),
		lateInformer{i.factory.Autoscaling().V2().HorizontalPodAutoscalers(), w},
		livePods{i.factory.Core().V1().Pods(), w},
		time.Duration(f.SyncUS)*time.Microsecond,
		time.Duration(f.DownUS)*time.Microsecond,
		f.Tolerance, 5*time.Minute, 30*time.Second)
	i.factory.Start(ctx.Done())
	i.done.Go(func() { controller.Run(ctx, 5) })
	return i
}

func (i *instance) end() {
	i.cancel()
	i.done.Wait()
	i.factory.Shutdown()
	// A loop of the queue notices only twice a second that it is over, and
	// time stops with the last scenario's end.
	time.Sleep(time.Second)
}

func play(t *testing.T, w *wire, s start) {
	w.origin = time.Now()
	target := &world{wire: w, lat: s.Latency}
	client := fake.NewSimpleClientset()
	h := hpas{client.AutoscalingV2().HorizontalPodAutoscalers("ns"), client,
		target, new(int64)}
	for _, m := range s.HPA.Metrics {
		target.value = target.value || m.External.Target.Value != nil
	}
	h.create(s.HPA)
	i := begin(target, h, s.Flags)
	for wake := s.WakeUS; ; {
		if wake > w.now() {
			sleepUS(wake - w.now())
		}
		a := w.ask(question{Ask: "wake"})
		wake = a.WakeUS
		if a.Edit == nil && a.RestartGap == nil && a.ResumeUS == nil && !a.End {
			continue
		}
		target.idle()
		switch {
		case a.Edit != nil:
			w.tell(question{Ask: "edited"})
			h.edit(*a.Edit)
		case a.RestartGap != nil:
			i.end()
			w.tell(question{Ask: "stopped"})
			sleepUS(*a.RestartGap)
			i = begin(target, h, s.Flags)
		case a.ResumeUS != nil:
			i.end()
			w.tell(question{Ask: "stopped"})
			sleepUS(*a.ResumeUS - w.now())
			i = begin(target, h, s.Flags)
		default:
			i.end()
			return
		}
	}
}
