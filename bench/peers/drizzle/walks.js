// The walks, which prove that everything was loaded.

const length = (text) => Buffer.byteLength(text);

export function walkHometowns(people) {
  let total = 0;
  for (const { id, firstname, hometown } of people) {
    total += id * 3 + length(firstname) * 7;
    if (hometown) total += hometown.id * 5 + length(hometown.name);
  }
  return total;
}

export function walkCities(provinces) {
  let total = 0;
  for (const province of provinces) {
    for (const city of province.citySet) total += province.id * 3 + city.id * 5 + length(city.name);
  }
  return total;
}

export function walkVisits(people) {
  let total = 0;
  for (const person of people) {
    for (const { city } of person.visitation) total += person.id + city.id * 5 + length(city.name);
  }
  return total;
}

export function walkVisitedProvinces(people) {
  let total = 0;
  for (const person of people) {
    for (const { city } of person.visitation) {
      total += person.id + city.id * 5 + city.province.id * 7 + length(city.province.name);
    }
  }
  return total;
}

export function walkJoined(rows) {
  let total = 0;
  for (const { person, city, province } of rows) {
    total += person.id * 3;
    if (city) total += city.id * 5 + length(city.name) + province.id * 7 + length(province.name);
  }
  return total;
}

export function walkPlain(people) {
  let total = 0;
  for (const { id, firstname, lastname } of people) total += id * 3 + length(firstname) + length(lastname) * 7;
  return total;
}
