// The workloads of the benchmark in GORM.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

type bench struct {
	db *gorm.DB
	measurement
}

// load measures one load, and walks what it gave.
func load[Row any](query func(*gorm.DB) *gorm.DB, walk func([]Row) int64) func(*bench) error {
	return func(b *bench) error {
		var rows []Row
		if err := b.measure(1, func() error { return query(b.db).Find(&rows).Error }); err != nil {
			return err
		}
		b.report(len(rows), walk(rows))
		return nil
	}
}

func preload(relation string) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB { return db.Preload(relation) }
}

func stream(b *bench) error {
	var rows int
	var total int64
	err := b.measure(1, func() error {
		var people []Person
		return b.db.Preload("Visitation").FindInBatches(&people, chunk, func(*gorm.DB, int) error {
			rows += len(people)
			total += walkVisits(people)
			return nil
		}).Error
	})
	if err != nil {
		return err
	}
	b.report(rows, total)
	return nil
}

func loadSmall(b *bench) error {
	var all int64
	if err := b.db.Model(&Person{}).Count(&all).Error; err != nil {
		return err
	}
	tenPeople := func(i int64) (people []Person, err error) {
		first := smallFirst(i, all)
		err = b.db.Preload("Visitation.Province").Where("id BETWEEN ? AND ?", first, first+9).Order("id").Find(&people).Error
		return people, err
	}
	for i := int64(0); i < smallWarmup; i++ {
		if _, err := tenPeople(i); err != nil {
			return err
		}
	}

	var rows int
	var total int64
	var spent time.Duration
	err := b.measure(smallLoads, func() error {
		for i := int64(0); i < smallLoads; i++ {
			start := time.Now()
			people, err := tenPeople(i)
			if err != nil {
				return err
			}
			spent += time.Since(start)
			rows += len(people)
			if i < smallChecked {
				total += walkVisitedProvinces(people)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.seconds = spent.Seconds() / smallLoads
	b.report(rows, total)
	return nil
}

func create(b *bench) error {
	people := make([]Person, peopleCreated)
	for i := range people {
		hometown := int64(1 + i*7919%20000)
		people[i] = Person{Firstname: fmt.Sprint("First", i), Lastname: fmt.Sprint("Last", i), HometownID: &hometown}
	}
	// One transaction around all batches is GORM's default.
	if err := b.measure(1, func() error { return b.db.CreateInBatches(people, 1000).Error }); err != nil {
		return err
	}
	var total int64
	err := b.db.Model(&Person{}).Where("id > ?", peopleBefore).Select("SUM(hometown_id)").Scan(&total).Error
	if err != nil {
		return err
	}
	b.report(len(people), total)
	return nil
}

var workloads = map[string]func(*bench) error{
	"W1": load(preload("Hometown"), walkHometowns),
	"W2": load(preload("CitySet"), walkCities),
	"W3": load(preload("Visitation"), walkVisits),
	"W4": load(preload("Visitation.Province"), walkVisitedProvinces),
	"W5": stream,
	"W6": load(func(db *gorm.DB) *gorm.DB { return db.Joins("Hometown").Joins("Hometown.Province") }, walkJoined),
	"W7": load(func(db *gorm.DB) *gorm.DB { return db }, walkPlain),
	"W8": loadSmall,
	"W9": create,
}

func run(workload, database string) error {
	work, ok := workloads[workload]
	if !ok {
		printSkipped(workload, "not written for this peer")
		return nil
	}
	path, done, err := databaseFor(workload, database)
	if err != nil {
		return err
	}
	defer done()
	counter := &countingLogger{Interface: logger.Discard}
	db, err := gorm.Open(sqlite.Open(path), &gorm.Config{Logger: counter})
	if err != nil {
		return err
	}
	b := &bench{db, measurement{workload: workload, counter: counter}}
	// GORM parses a model when it first meets it; here before the clock.
	for _, model := range []any{&Person{}, &City{}, &Province{}} {
		if err := db.Statement.Parse(model); err != nil {
			return err
		}
	}
	err = work(b)
	var refused sqlite3.Error
	if errors.As(err, &refused) && refused.Code == sqlite3.ErrError {
		// SQLite refuses what the library asks of it, such as too many variables.
		printSkipped(workload, refused.Error())
		return nil
	}
	return err
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gorm WORKLOAD DATABASE_FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
