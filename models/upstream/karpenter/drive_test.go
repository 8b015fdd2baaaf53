// Package karpenter runs Karpenter's unmodified batcher, solve and disruption
// loop around a cluster of objects in memory, in virtual time. See
// models/upstream/README.md for the protocol.
package karpenter

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/karpenter/pkg/operator/options"
)

// TestDrive plays one scenario after the other until the input ends. All share
// a bubble, and the parts of Karpenter with a cache of their own, whose
// janitors never end.
func TestDrive(t *testing.T) {
	logf.SetLogger(logr.Discard())
	w := openWire()
	synctest.Test(t, func(*testing.T) {
		l := newLasting()
		for {
			var s scenario
			if !w.read(&s) {
				os.Exit(0)
			}
			play(l, w, s)
			w.tell(decision{Ask: "over"})
		}
	})
}

func play(l *lasting, w *wire, s scenario) {
	next := time.Now().Truncate(time.Second).Add(time.Second)
	time.Sleep(time.Until(next)) // stamps are whole seconds
	w.origin = next
	ctx, cancel := context.WithCancel(options.ToContext(context.Background(),
		&options.Options{
			BatchIdleDuration: us(s.IdleUS),
			BatchMaxDuration:  us(s.MaxUS),
			CPURequests:       1000,
			PreferencePolicy:  options.PreferencePolicyRespect,
			MinValuesPolicy:   options.MinValuesPolicyStrict,
			IgnoreDRARequests: true,
			FeatureGates:      options.DefaultFeatureGates(),
		}))
	x := newWorld(ctx, l, w, s)
	switch s.Kind {
	case "batch":
		x.batch()
	case "solve":
		x.solve()
	case "disrupt":
		x.disrupt()
	default:
		panic("no such kind: " + s.Kind)
	}
	x.mu.Lock() // what is still planned finds the end
	cancel()
	x.mu.Unlock()
	time.Sleep(us(s.EndUS) + time.Hour)
}

func us(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
