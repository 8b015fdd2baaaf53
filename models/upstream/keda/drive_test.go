// Package drive runs both unmodified loops of KEDA around one ScaledObject in
// virtual time. See models/upstream/README.md for the protocol.
package drive

import (
	"context"
	"io"
	"log"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
)

// TestDrive plays one scenario after the other until the input ends.
func TestDrive(t *testing.T) {
	logf.SetLogger(logr.Discard())
	log.SetOutput(io.Discard)
	w := openWire()
	b := openBalancer(w)
	scheme := newScheme()
	for {
		var s start
		if !w.read(&s) {
			break
		}
		synctest.Test(t, func(t *testing.T) { play(w, s, b.url, scheme) })
		w.mu.Lock()
		w.write(question{Ask: "over"})
		w.mu.Unlock()
	}
	_ = b.server.Close()
}

// An operator is one life of it: its caches and its loop.
type operator struct {
	handler handler
	ctx     context.Context
	cancel  context.CancelFunc
}

// prepare makes an operator that answers queries and does not poll yet.
func prepare(x *world, scheme *runtime.Scheme) *operator {
	ctx, cancel := context.WithCancel(context.Background())
	o := &operator{newHandler(x.client, x, scheme), ctx, cancel}
	// The loop and the starter of push scalers would both build the scalers
	// and close each other's, which fails the first poll now and then.
	cache, err := o.handler.GetScalersCache(ctx, x.object())
	must(err)
	x.names = nil
	var targets []int64
	for _, spec := range cache.GetMetricSpecForScaling(ctx) {
		x.names = append(x.names, spec.External.Metric.Name)
		v := spec.External.Target.AverageValue
		if v == nil {
			v = spec.External.Target.Value
		}
		targets = append(targets, v.MilliValue())
	}
	x.wire.tell(question{Ask: "targets", Targets: targets})
	return o
}

func (o *operator) loop(x *world) {
	must(o.handler.handle(o.ctx, x.object()))
}

func begin(x *world, scheme *runtime.Scheme) *operator {
	o := prepare(x, scheme)
	o.loop(x)
	time.Sleep(time.Millisecond) // the first poll is over
	return o
}

func (o *operator) end() {
	o.cancel()
	time.Sleep(time.Millisecond)
}

func (o *operator) query(x *world, trigger int) {
	x.querying.Store(true)
	x.wire.tell(question{Ask: "query"})
	list, err := o.handler.metrics(context.Background(), x.names[trigger])
	x.querying.Store(false)
	q := question{Ask: "answered", OK: err == nil, State: x.state()}
	if err == nil {
		v := list.Items[0].Value.MilliValue()
		q.Milli = &v
	}
	x.wire.tell(q)
}

// tellPolled shows what the last poll left behind, before anything else moves.
func (x *world) tellPolled() {
	if x.polled.Swap(false) {
		x.wire.tell(question{Ask: "state", State: x.state()})
	}
}

func play(w *wire, s start, url string, scheme *runtime.Scheme) {
	if s.ClockUS > 0 {
		time.Sleep(time.Until(time.UnixMicro(s.ClockUS)))
	}
	w.origin = time.Now()
	x := newWorld(w, s, url, scheme)
	var o *operator
	if s.Told {
		o = prepare(x, scheme)
	} else {
		time.Sleep(time.Duration(s.LoopUS) * time.Microsecond)
		o = begin(x, scheme)
	}
	for {
		a := w.ask(question{Ask: "wake"})
		time.Sleep(time.Duration(a.WakeUS-w.now()) * time.Microsecond)
		x.tellPolled()
		switch a.Do {
		case "query":
			o.query(x, a.Trigger)
		case "resize":
			x.resize(a.Replicas)
		case "ready":
			x.ready(a.Replicas)
		case "restart":
			o.end()
			w.tell(question{Ask: "restarted"})
			o = begin(x, scheme)
		case "loop":
			o.loop(x)
			synctest.Wait() // the first poll is over
		case "stop":
			o.cancel()
			synctest.Wait()
			o = prepare(x, scheme) // for the next life
		case "end":
			o.end()
			return
		}
	}
}
