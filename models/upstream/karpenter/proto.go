package karpenter

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// A scenario is what the world tells: amounts in milli-CPU and MiB, times in
// microseconds since the start of the bubble, things by their index.
type scenario struct {
	Kind    string   `json:"kind"`
	IdleUS  int64    `json:"idle_us"`
	MaxUS   int64    `json:"max_us"`
	EndUS   int64    `json:"end_us"`
	Types   []itype  `json:"types"`
	Away    [][2]int `json:"away"` // type, zone
	Zones   int      `json:"zones"`
	Pools   []pool   `json:"pools"`
	Nodes   []node   `json:"nodes"`
	Pending []pod    `json:"pending"`
	// Of the batcher.
	SolveUS  int64      `json:"solve_us"`
	SolvesUS []int64    `json:"solves_us"` // of each solve, if they differ
	Sources  []source   `json:"sources"`
	Unsynced [][2]int64 `json:"unsynced"`
	// Of the disruption loop.
	StartUS int64    `json:"start_us"`
	DrainUS int64    `json:"drain_us"`
	GoneUS  int64    `json:"gone_us"`
	Events  []change `json:"events"`
}

type size struct {
	MCPU int64 `json:"mcpu"`
	MiB  int64 `json:"mib"`
}

type itype struct {
	Name        string  `json:"name"`
	Capacity    size    `json:"capacity"`
	Allocatable size    `json:"allocatable"`
	USD         float64 `json:"usd"`
}

type pool struct {
	Weight  int32    `json:"weight"`
	Types   []int    `json:"types"`
	Zones   []int    `json:"zones"` // null: all
	Limit   *size    `json:"limit"`
	Daemon  size     `json:"daemon"`
	Daemons int      `json:"daemons"`  // critical ones on each node
	After   *int64   `json:"after_us"` // of consolidation; null: never
	Expire  *int64   `json:"expire_us"`
	Budgets []budget `json:"budgets"`
}

type budget struct {
	Nodes   string   `json:"nodes"`
	Reasons []string `json:"reasons"`
}

type node struct {
	Pool     int    `json:"pool"`
	Type     int    `json:"type"`
	Phase    string `json:"phase"` // "launched", "registered", "initialized"; "": to come
	Used     size   `json:"used"`
	Unready  bool   `json:"unready"`
	Marked   bool   `json:"marked"`
	AgeS     int64  `json:"age_s"`
	Deleting bool   `json:"-"`
}

type pod struct {
	Size  size  `json:"size"`
	Pools []int `json:"pools"`
}

type source struct {
	Node    bool  `json:"node"` // a tainted node, else a pod
	FromUS  int64 `json:"from_us"`
	UntilUS int64 `json:"until_us"`
}

type change struct {
	AtUS int64  `json:"at_us"`
	Do   string `json:"do"`
	Node int    `json:"node"`
	Pod  int    `json:"pod"`
}

type claim struct {
	Pool  int   `json:"pool"`
	Types []int `json:"types"`
	Pods  []int `json:"pods"`
}

// A decision is one line to the world.
type decision struct {
	Ask     string  `json:"ask"`
	T       int64   `json:"t"`
	Claims  []claim `json:"claims,omitempty"`
	Nodes   [][]int `json:"nodes,omitempty"` // pods of each existing one
	Left    []int   `json:"left,omitempty"`
	Marked  []int   `json:"marked,omitempty"`
	Node    *int    `json:"node,omitempty"`
	EventS  *int64  `json:"event_s,omitempty"`
	Empty   []int   `json:"empty,omitempty"` // allowed in each pool
	Drifted []int   `json:"drifted,omitempty"`
}

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

// tell needs no answer: a scenario says all beforehand.
func (w *wire) tell(d decision) {
	w.mu.Lock()
	defer w.mu.Unlock()
	line, err := json.Marshal(d)
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
