package main

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
)

type person struct {
	ID         int32
	FirstName  string
	MiddleName string
	LastName   string
	Image      string
}

type movie struct {
	ID        int32
	Image     string
	Title     string
	Year      int32
	AvgRating *float64
}

type review struct {
	ID           int32
	Body         string
	Rating       int32
	CreationTime time.Time
}

type user struct {
	ID    int32
	Name  string
	Image string
}

const average = "(SELECT avg(r.rating)::float8 FROM reviews r WHERE r.movie_id = m.id)"

// page is what a query loads.
type page interface {
	// statements returns the statements, each with the function that reads its rows.
	statements() []statement
	checksum() uint64
}

type statement struct {
	sql  string
	read func(pgx.Rows) error
}

// load sends the statements of a page together.
func load(ctx context.Context, connection *pgx.Conn, into page, id int32) error {
	batch := &pgx.Batch{}
	for _, each := range into.statements() {
		batch.Queue(each.sql, id).Query(each.read)
	}
	return connection.SendBatch(ctx, batch).Close()
}

// forEach reads all rows into the variables that targets names.
func forEach(targets []any, take func()) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, targets, func() error {
			take()
			return nil
		})
		return err
	}
}

// --- get_movie

type moviePage struct {
	movie       movie
	description string
	directors   []person
	cast        []person
	reviews     []reviewOfMovie
}

type reviewOfMovie struct {
	review
	author user
}

func people(table string, into *[]person) statement {
	var p person
	return statement{
		"SELECT p.id, p.first_name, p.middle_name, p.last_name, p.image FROM " + table +
			" l JOIN persons p ON p.id = l.person_id WHERE l.movie_id = $1 ORDER BY l.list_order, p.last_name",
		forEach([]any{&p.ID, &p.FirstName, &p.MiddleName, &p.LastName, &p.Image},
			func() { *into = append(*into, p) }),
	}
}

func (page *moviePage) statements() []statement {
	m := &page.movie
	var r reviewOfMovie
	return []statement{
		{
			"SELECT m.id, m.image, m.title, m.year, " + average + ", m.description FROM movies m WHERE m.id = $1",
			forEach([]any{&m.ID, &m.Image, &m.Title, &m.Year, &m.AvgRating, &page.description}, func() {}),
		},
		people("directors", &page.directors),
		people("actors", &page.cast),
		{
			"SELECT r.id, r.body, r.rating, r.creation_time, u.id, u.name, u.image FROM reviews r " +
				"JOIN users u ON u.id = r.author_id WHERE r.movie_id = $1 ORDER BY r.creation_time DESC",
			forEach([]any{&r.ID, &r.Body, &r.Rating, &r.CreationTime, &r.author.ID, &r.author.Name, &r.author.Image},
				func() { page.reviews = append(page.reviews, r) }),
		},
	}
}

func (page *moviePage) checksum() uint64 {
	m := page.movie
	sum := ofMovie(m) + uint64(m.Year)*7 + length(page.description)*11 + thousandths(m.AvgRating)*13
	for i, director := range page.directors {
		sum += uint64(i+1) * ofPerson(director)
	}
	for i, member := range page.cast {
		sum += uint64(i+1) * ofPerson(member) * 2
	}
	for i, r := range page.reviews {
		author := uint64(r.author.ID)*7 + length(r.author.Name)*11 + length(r.author.Image)*13
		sum += uint64(i+1) * (ofReview(r.review) + author)
	}
	return sum
}

// --- get_user

type userPage struct {
	user          user
	latestReviews []reviewByUser
}

type reviewByUser struct {
	review
	movie movie
}

func (page *userPage) statements() []statement {
	u := &page.user
	var r reviewByUser
	m := &r.movie
	return []statement{
		{
			"SELECT u.id, u.name, u.image FROM users u WHERE u.id = $1",
			forEach([]any{&u.ID, &u.Name, &u.Image}, func() {}),
		},
		{
			"SELECT l.id, l.body, l.rating, l.creation_time, m.id, m.image, m.title, m.year, " + average +
				" FROM (SELECT * FROM reviews WHERE author_id = $1 ORDER BY creation_time DESC LIMIT 10) l" +
				" JOIN movies m ON m.id = l.movie_id ORDER BY l.creation_time DESC",
			forEach([]any{&r.ID, &r.Body, &r.Rating, &r.CreationTime, &m.ID, &m.Image, &m.Title, &m.Year, &m.AvgRating},
				func() { page.latestReviews = append(page.latestReviews, r) }),
		},
	}
}

func (page *userPage) checksum() uint64 {
	sum := uint64(page.user.ID)*3 + length(page.user.Name)*5 + length(page.user.Image)
	for i, r := range page.latestReviews {
		sum += uint64(i+1) * (ofReview(r.review) + ofMovie(r.movie)*7 + thousandths(r.movie.AvgRating)*11)
	}
	return sum
}

// --- get_person

type personPage struct {
	person   person
	bio      string
	actedIn  []movie
	directed []movie
}

func movies(table string, into *[]movie) statement {
	var m movie
	return statement{
		"SELECT m.id, m.image, m.title, m.year, " + average + " FROM " + table +
			" l JOIN movies m ON m.id = l.movie_id WHERE l.person_id = $1 ORDER BY m.year, m.title",
		forEach([]any{&m.ID, &m.Image, &m.Title, &m.Year, &m.AvgRating}, func() { *into = append(*into, m) }),
	}
}

func (page *personPage) statements() []statement {
	p := &page.person
	return []statement{
		{
			"SELECT p.id, p.first_name, p.middle_name, p.last_name, p.image, p.bio FROM persons p WHERE p.id = $1",
			forEach([]any{&p.ID, &p.FirstName, &p.MiddleName, &p.LastName, &p.Image, &page.bio}, func() {}),
		},
		movies("actors", &page.actedIn),
		movies("directors", &page.directed),
	}
}

func (page *personPage) checksum() uint64 {
	sum := ofPerson(page.person) + length(page.bio)*7
	place := uint64(0)
	for _, list := range [][]movie{page.actedIn, page.directed} {
		for _, m := range list {
			place++
			sum += place * (ofMovie(m) + uint64(m.Year)*7 + thousandths(m.AvgRating)*11)
		}
	}
	return sum
}

// --- checksums

func length(text string) uint64 { return uint64(len(text)) }

func thousandths(average *float64) uint64 {
	if average == nil {
		return 0
	}
	return uint64(math.Floor(*average*1000 + 1e-6))
}

func ofPerson(p person) uint64 {
	name := length(p.FirstName) + 1 + length(p.LastName)
	if p.MiddleName != "" {
		name += 1 + length(p.MiddleName)
	}
	return uint64(p.ID)*3 + name*5 + length(p.Image)
}

func ofMovie(m movie) uint64 { return uint64(m.ID)*3 + length(m.Image) + length(m.Title)*5 }

func ofReview(r review) uint64 { return uint64(r.ID) + length(r.Body)*3 + uint64(r.Rating)*5 }
