import { relations } from 'drizzle-orm';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const provinces = sqliteTable('province', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
});

export const cities = sqliteTable('city', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  provinceId: integer('province_id').notNull().references(() => provinces.id),
});

export const people = sqliteTable('person', {
  id: integer('id').primaryKey(),
  firstname: text('firstname').notNull(),
  lastname: text('lastname').notNull(),
  hometownId: integer('hometown_id').references(() => cities.id),
  livingId: integer('living_id').references(() => cities.id),
});

export const visits = sqliteTable(
  'person_visitation',
  {
    personId: integer('person_id').notNull().references(() => people.id),
    cityId: integer('city_id').notNull().references(() => cities.id),
  },
  (visit) => [primaryKey({ columns: [visit.personId, visit.cityId] })],
);

export const provinceRelations = relations(provinces, ({ many }) => ({
  citySet: many(cities),
}));

export const cityRelations = relations(cities, ({ one }) => ({
  province: one(provinces, { fields: [cities.provinceId], references: [provinces.id] }),
}));

export const personRelations = relations(people, ({ one, many }) => ({
  hometown: one(cities, { fields: [people.hometownId], references: [cities.id] }),
  living: one(cities, { fields: [people.livingId], references: [cities.id] }),
  visitation: many(visits),
}));

export const visitRelations = relations(visits, ({ one }) => ({
  person: one(people, { fields: [visits.personId], references: [people.id] }),
  city: one(cities, { fields: [visits.cityId], references: [cities.id] }),
}));
