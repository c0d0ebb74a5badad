import { relations } from 'drizzle-orm';
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  image: text('image').notNull(),
});

export const persons = pgTable('persons', {
  id: integer('id').primaryKey(),
  firstName: text('first_name').notNull(),
  middleName: text('middle_name').notNull(),
  lastName: text('last_name').notNull(),
  image: text('image').notNull(),
  bio: text('bio').notNull(),
});

export const movies = pgTable('movies', {
  id: integer('id').primaryKey(),
  image: text('image').notNull(),
  title: text('title').notNull(),
  year: integer('year').notNull(),
  description: text('description').notNull(),
});

const link = (name) =>
  pgTable(name, {
    id: integer('id').primaryKey(),
    listOrder: integer('list_order'),
    personId: integer('person_id').notNull().references(() => persons.id),
    movieId: integer('movie_id').notNull().references(() => movies.id),
  });

export const directors = link('directors');
export const actors = link('actors');

export const reviews = pgTable('reviews', {
  id: integer('id').primaryKey(),
  body: text('body').notNull(),
  rating: integer('rating').notNull(),
  creationTime: timestamp('creation_time', { withTimezone: true }).notNull(),
  authorId: integer('author_id').notNull().references(() => users.id),
  movieId: integer('movie_id').notNull().references(() => movies.id),
});

export const userRelations = relations(users, ({ many }) => ({ reviews: many(reviews) }));

export const personRelations = relations(persons, ({ many }) => ({
  actedIn: many(actors),
  directed: many(directors),
}));

export const movieRelations = relations(movies, ({ many }) => ({
  directors: many(directors),
  cast: many(actors),
  reviews: many(reviews),
}));

const ofLink = (links) =>
  relations(links, ({ one }) => ({
    person: one(persons, { fields: [links.personId], references: [persons.id] }),
    movie: one(movies, { fields: [links.movieId], references: [movies.id] }),
  }));

export const directorRelations = ofLink(directors);
export const actorRelations = ofLink(actors);

export const reviewRelations = relations(reviews, ({ one }) => ({
  author: one(users, { fields: [reviews.authorId], references: [users.id] }),
  movie: one(movies, { fields: [reviews.movieId], references: [movies.id] }),
}));
