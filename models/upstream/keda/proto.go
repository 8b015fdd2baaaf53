package drive

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
)

// A start is the first line of a scenario. What its triggers lack of URL and
// value location is filled in here.
type start struct {
	Object      kedav1alpha1.ScaledObjectSpec `json:"object"`
	Annotations map[string]string             `json:"annotations"`
	Spec        int32                         `json:"spec"`
	LoopUS      int64                         `json:"loop_us"`
	// The loop begins when the world says so, and URLs and value locations of
	// the triggers are as given.
	Told bool `json:"told"`
	// When virtual time begins, for cron triggers; at least 2000, 0: then.
	ClockUS int64 `json:"clock_us"`
}

// A question is a line to the world. T is the virtual time of its being asked;
// GETs reach the server outside the bubble and carry the last time told.
type question struct {
	Ask      string `json:"ask"`
	T        int64  `json:"t"`
	Name     string `json:"name,omitempty"`
	Replicas *int32 `json:"replicas,omitempty"`
	OK       bool   `json:"ok,omitempty"`
	Milli    *int64 `json:"milli,omitempty"`
	State    *state `json:"state,omitempty"`
	// Of the HPA that KEDA would make, in milli.
	Targets []int64 `json:"targets,omitempty"`
}

// A state is what KEDA has written into the status of the ScaledObject.
type state struct {
	Failures []*int32 `json:"failures"`
	Fallback bool     `json:"fallback"`
	ActiveS  *int64   `json:"active_s"` // lastActiveTime since the origin
}

type answer struct {
	// To a GET.
	Code  int    `json:"code"`
	Value string `json:"value"`
	// To a wake; how many pods are ready.
	WakeUS   int64  `json:"wake_us"`
	Do       string `json:"do"`
	Trigger  int    `json:"trigger"`
	Replicas int32  `json:"replicas"`
}

type wire struct {
	mu     sync.Mutex
	in     *bufio.Reader
	out    *bufio.Writer
	origin time.Time
	lastUS int64
}

func openWire() *wire {
	return &wire{
		in:  bufio.NewReaderSize(os.NewFile(3, "in"), 1<<16),
		out: bufio.NewWriter(os.NewFile(4, "out")),
	}
}

func (w *wire) now() int64 { return time.Since(w.origin).Microseconds() }

func (w *wire) read(into any) bool {
	line, err := w.in.ReadBytes('\n')
	if err == io.EOF && len(line) == 0 {
		return false
	}
	if err == nil {
		err = json.Unmarshal(line, into)
	}
	if err != nil {
		panic(fmt.Sprintf("bad line from the world: %v: %s", err, line))
	}
	return true
}

func (w *wire) write(q question) {
	line, err := json.Marshal(q)
	if err == nil {
		_, err = w.out.Write(append(line, '\n'))
	}
	if err == nil {
		err = w.out.Flush()
	}
	if err != nil {
		panic(fmt.Sprintf("the world is gone: %v", err))
	}
}

// ask sends a question of the present moment and waits for the answer, during
// which virtual time stands still.
func (w *wire) ask(q question) answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastUS = w.now()
	return w.exchange(q)
}

// askOutside is ask for goroutines outside the bubble, whose clock is another.
func (w *wire) askOutside(q question) answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.exchange(q)
}

func (w *wire) exchange(q question) answer {
	q.T = w.lastUS
	w.write(q)
	var a answer
	if !w.read(&a) {
		panic("the world is gone")
	}
	return a
}

// tell needs no answer.
func (w *wire) tell(q question) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastUS = w.now()
	q.T = w.lastUS
	w.write(q)
}
