package main

// The walks, which prove that everything was loaded.

func walkHometowns(people []Person) (total int64) {
	for _, person := range people {
		total += person.ID*3 + int64(len(person.Firstname))*7
		if town := person.Hometown; town != nil {
			total += town.ID*5 + int64(len(town.Name))
		}
	}
	return total
}

func walkCities(provinces []Province) (total int64) {
	for _, province := range provinces {
		for _, city := range province.CitySet {
			total += province.ID*3 + city.ID*5 + int64(len(city.Name))
		}
	}
	return total
}

func walkVisits(people []Person) (total int64) {
	for _, person := range people {
		for _, city := range person.Visitation {
			total += person.ID + city.ID*5 + int64(len(city.Name))
		}
	}
	return total
}

func walkVisitedProvinces(people []Person) (total int64) {
	for _, person := range people {
		for _, city := range person.Visitation {
			total += person.ID + city.ID*5 + city.Province.ID*7 + int64(len(city.Province.Name))
		}
	}
	return total
}

func walkJoined(people []Person) (total int64) {
	for _, person := range people {
		total += person.ID * 3
		if town := person.Hometown; town != nil {
			total += town.ID*5 + int64(len(town.Name)) + town.Province.ID*7 + int64(len(town.Province.Name))
		}
	}
	return total
}

func walkPlain(people []Person) (total int64) {
	for _, person := range people {
		total += person.ID*3 + int64(len(person.Firstname)) + int64(len(person.Lastname))*7
	}
	return total
}
