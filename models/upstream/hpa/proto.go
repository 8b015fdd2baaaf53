package drive

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
)

// A start is the first line of a scenario.
type start struct {
	HPA     autoscalingv2.HorizontalPodAutoscalerSpec `json:"hpa"`
	Flags   flags                                     `json:"flags"`
	Latency latency                                   `json:"latency"`
	WakeUS  int64                                     `json:"wake_us"`
}

type flags struct {
	SyncUS    int64   `json:"sync_us"`
	DownUS    int64   `json:"down_stabilization_us"`
	Tolerance float64 `json:"tolerance"`
}

type latency struct {
	GetUS int64 `json:"get_us"`
	// Of the scale once more after a conflict; as get_us if it is not given.
	RetryGetUS   *int64 `json:"retry_get_us"`
	WriteUS      int64  `json:"write_us"`
	EchoUS       int64  `json:"echo_us"`
	StatusUS     int64  `json:"status_us"`
	FirstEventUS int64  `json:"first_event_us"`
}

// A question is a line to the world. T is the virtual time of its being asked.
type question struct {
	Ask      string  `json:"ask"`
	T        int64   `json:"t"`
	From     int64   `json:"from,omitempty"`
	Name     string  `json:"name,omitempty"`
	Replicas *int32  `json:"replicas,omitempty"`
	Version  int64   `json:"version,omitempty"`
	Status   *status `json:"status,omitempty"`
}

type status struct {
	Current int32    `json:"current"`
	Desired int32    `json:"desired"`
	Average []*int64 `json:"average"`
	Able    string   `json:"able"`
	Active  string   `json:"active"`
	Limited string   `json:"limited"`
	// Only the words of a condition changed, which the model does not know.
	Reworded bool `json:"reworded,omitempty"`
}

// An answer is a line from the world; which fields count depends on the
// question.
type answer struct {
	Error    string  `json:"error"`
	Conflict bool    `json:"conflict"`
	Spec     int32   `json:"spec"`
	Status   int32   `json:"status"`
	Version  int64   `json:"version"`
	Values   []int64 `json:"values"`
	Pods     int32   `json:"pods"`
	Ready    int32   `json:"ready"`
	DelayUS  int64   `json:"delay_us"`

	WakeUS     int64                                      `json:"wake_us"`
	Edit       *autoscalingv2.HorizontalPodAutoscalerSpec `json:"edit"`
	RestartGap *int64                                     `json:"restart_gap_us"`
	ResumeUS   *int64                                     `json:"resume_us"`
	End        bool                                       `json:"end"`
}

// A wire is the pair of pipes to the world. Reading a pipe does not let the
// bubble's clock run, so the answer comes at the moment of the question.
type wire struct {
	mu     sync.Mutex
	in     *bufio.Reader
	out    *bufio.Writer
	origin time.Time
}

func openWire() *wire {
	return &wire{
		in:  bufio.NewReaderSize(os.NewFile(3, "in"), 1<<16),
		out: bufio.NewWriter(os.NewFile(4, "out")),
	}
}

func (w *wire) now() int64 {
	return time.Since(w.origin).Microseconds()
}

// Reads one line; false at the end of the input.
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

func (w *wire) ask(q question) answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	q.T = w.now()
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
	q.T = w.now()
	w.write(q)
}
