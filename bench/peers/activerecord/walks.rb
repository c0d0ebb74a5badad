# The walks, which prove that everything was loaded.

def walk_hometowns(people)
  people.sum do |person|
    town = person.hometown
    person.id * 3 + person.firstname.bytesize * 7 + (town ? town.id * 5 + town.name.bytesize : 0)
  end
end

def walk_cities(provinces)
  provinces.sum { |province| province.cities.sum { |city| province.id * 3 + city.id * 5 + city.name.bytesize } }
end

def walk_visits(people)
  people.sum { |person| person.visitation.sum { |city| person.id + city.id * 5 + city.name.bytesize } }
end

def walk_visited_provinces(people)
  people.sum do |person|
    person.visitation.sum do |city|
      person.id + city.id * 5 + city.province.id * 7 + city.province.name.bytesize
    end
  end
end

def walk_joined(people)
  people.sum do |person|
    town = person.hometown
    next person.id * 3 unless town

    person.id * 3 + town.id * 5 + town.name.bytesize + town.province.id * 7 + town.province.name.bytesize
  end
end

def walk_plain(people)
  people.sum { |person| person.id * 3 + person.firstname.bytesize + person.lastname.bytesize * 7 }
end
