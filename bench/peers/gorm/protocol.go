package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"gorm.io/gorm/logger"
)

const (
	peopleCreated = 100_000
	peopleBefore  = 100_000 // the checksum of W9 is over those with an id above
	chunk         = 2_000
	smallWarmup   = 50
	smallLoads    = 2_000
	smallChecked  = 300
)

// smallFirst is the first id of the ten people of the i-th small load, where there are so many people.
func smallFirst(i, people int64) int64 {
	places := people * 9 / 100
	if places > 9000 {
		places = 9000
	}
	return 10*(i*37%places) + 1
}

// countingLogger counts the statements, which GORM reports to its logger one by one.
type countingLogger struct {
	logger.Interface
	statements int
}

func (l *countingLogger) Trace(context.Context, time.Time, func() (string, int64), error) {
	l.statements++
}

// measurement holds what a load cost, for the line of JSON.
type measurement struct {
	workload    string
	counter     *countingLogger
	seconds     float64
	statements  int
	allocations uint64
	idleKB      int
	peakKB      int
}

// measure runs work, which is `times` equal loads: seconds, statements and allocations are those of one.
func (m *measurement) measure(times int, work func() error) error {
	statements, allocations := m.counter.statements, mallocs()
	m.idleKB = memoryKB("VmRSS")
	// Where the kernel does not allow it, the peak includes the start of the program.
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	start := time.Now()
	if err := work(); err != nil {
		return err
	}
	m.seconds = time.Since(start).Seconds() / float64(times)
	m.peakKB = memoryKB("VmHWM")
	m.statements = (m.counter.statements - statements) / times
	m.allocations = (mallocs() - allocations) / uint64(times)
	return nil
}

func (m *measurement) report(rows int, checksum int64) {
	printJSON(map[string]any{
		"workload": m.workload, "seconds": m.seconds, "statements": m.statements, "rows": rows,
		"checksum": strconv.FormatInt(checksum, 10), "peak_kb": m.peakKB, "idle_kb": m.idleKB,
		"allocations": m.allocations,
	})
}

func printSkipped(workload, reason string) {
	printJSON(map[string]any{"workload": workload, "skipped": reason})
}

func printJSON(values map[string]any) {
	line, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

// mallocs is how many objects were allocated on the heap so far.
func mallocs() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Mallocs
}

func memoryKB(field string) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range bytes.Split(status, []byte("\n")) {
		words := bytes.Fields(line)
		if len(words) > 1 && string(words[0]) == field+":" {
			kb, _ := strconv.Atoi(string(words[1]))
			return kb
		}
	}
	return 0
}

// databaseFor gives the database itself, or for W9 a copy to write to: beside it, so on the same file system. done
// removes the copy.
func databaseFor(workload, database string) (path string, done func(), err error) {
	if workload != "W9" {
		return database, func() {}, nil
	}
	path = fmt.Sprintf("%s.copy-%d", database, os.Getpid())
	content, err := os.ReadFile(database)
	if err != nil {
		return "", nil, err
	}
	return path, func() { _ = os.Remove(path) }, os.WriteFile(path, content, 0o600)
}
