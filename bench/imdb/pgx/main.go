// The queries of the benchmark with pgx: a Batch for each.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	connections = 8
	warmUp      = 25 // loads of each connection before the throughput is measured
)

var pages = map[string]func() page{
	"get_movie":  func() page { return &moviePage{} },
	"get_user":   func() page { return &userPage{} },
	"get_person": func() page { return &personPage{} },
}

type report struct {
	Query          string    `json:"query"`
	Checksum       string    `json:"checksum"`
	CPU            float64   `json:"cpu_us"`
	LoadsPerSecond float64   `json:"loads_per_second"`
	Latencies      []float64 `json:"latencies_us"`
}

type task struct {
	query   string
	url     string
	ids     []int32
	newPage func() page
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 6 {
		return fmt.Errorf("usage: %s QUERY URL IDS LOADS SECONDS", os.Args[0])
	}
	work := task{query: os.Args[1], url: os.Args[2], newPage: pages[os.Args[1]]}
	if work.newPage == nil {
		fmt.Printf("{\"query\": %q, \"skipped\": \"not written for this peer\"}\n", work.query)
		return nil
	}
	var err error
	if work.ids, err = readIDs(os.Args[3]); err != nil {
		return err
	}
	loads, err := strconv.Atoi(os.Args[4])
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(os.Args[5], 64)
	if err != nil {
		return err
	}
	result, err := work.measureLatency(loads)
	if err != nil {
		return err
	}
	if seconds > 0 {
		result.LoadsPerSecond, err = work.measureThroughput(time.Duration(seconds * float64(time.Second)))
		if err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

func readIDs(path string) ([]int32, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var ids []int32
	for lines := bufio.NewScanner(file); lines.Scan(); {
		id, err := strconv.ParseInt(lines.Text(), 10, 32)
		if err != nil {
			return nil, err
		}
		ids = append(ids, int32(id))
	}
	return ids, nil
}

func (work *task) load(ctx context.Context, connection *pgx.Conn, turn int) (page, error) {
	loaded := work.newPage()
	return loaded, load(ctx, connection, loaded, work.ids[turn%len(work.ids)])
}

func processorMicroseconds() float64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e3
}

// measureLatency loads every id once, unmeasured, for the checksum; then it measures.
func (work *task) measureLatency(loads int) (*report, error) {
	ctx := context.Background()
	connection, err := pgx.Connect(ctx, work.url)
	if err != nil {
		return nil, err
	}
	defer connection.Close(ctx)
	sum := uint64(0)
	for turn := range work.ids {
		loaded, err := work.load(ctx, connection, turn)
		if err != nil {
			return nil, err
		}
		sum += loaded.checksum()
	}
	latencies := make([]float64, 0, loads)
	processor := processorMicroseconds()
	for turn := 0; turn < loads; turn++ {
		began := time.Now()
		if _, err := work.load(ctx, connection, turn); err != nil {
			return nil, err
		}
		latencies = append(latencies, float64(time.Since(began).Nanoseconds())/1e3)
	}
	processor = processorMicroseconds() - processor
	return &report{
		Query: work.query, Checksum: strconv.FormatUint(sum, 10), CPU: processor / float64(max(loads, 1)),
		Latencies: latencies,
	}, nil
}

func (work *task) measureThroughput(length time.Duration) (float64, error) {
	var ready, done sync.WaitGroup
	var loads atomic.Int64
	var ended atomic.Bool
	failures := make(chan error, connections)
	start := make(chan struct{})
	for i := 0; i < connections; i++ {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ctx := context.Background()
			connection, err := pgx.Connect(ctx, work.url)
			first := i * len(work.ids) / connections
			turn := first
			for ; err == nil && turn < first+warmUp; turn++ {
				_, err = work.load(ctx, connection, turn)
			}
			ready.Done()
			<-start
			for ; err == nil && !ended.Load(); turn++ {
				if _, err = work.load(ctx, connection, turn); err == nil {
					loads.Add(1)
				}
			}
			if err != nil {
				failures <- err
			} else {
				connection.Close(ctx)
			}
		}()
	}
	ready.Wait()
	began := time.Now()
	close(start)
	time.Sleep(length)
	ended.Store(true)
	done.Wait()
	select {
	case err := <-failures:
		return 0, err
	default:
		return float64(loads.Load()) / time.Since(began).Seconds(), nil
	}
}
