# The workloads of the benchmark in ActiveRecord.

require_relative "models"
require_relative "protocol"
require_relative "walks"

workload, database = ARGV
ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: database_for(workload, database))
measurement = Measurement.new(workload)

load = lambda do |relation, walk|
  rows = measurement.measure { relation.to_a }
  measurement.report(rows.size, method(walk).call(rows))
end

stream = lambda do
  rows = checksum = 0
  measurement.measure do
    Person.preload(:visitation).find_each(batch_size: CHUNK) do |person|
      rows += 1
      checksum += walk_visits([person])
    end
  end
  measurement.report(rows, checksum)
end

load_small = lambda do
  ten_people = ->(ids) { Person.where(id: ids).order(:id).preload(visitation: :province).to_a }
  people = Person.count
  SMALL_WARMUP.times { |i| ten_people.call(small_range(i, people)) }

  loads = SMALL_CHECKED
  rows = checksum = seconds = 0
  measurement.measure(times: loads) do
    loads.times do |i|
      start = now
      loaded = ten_people.call(small_range(i, people))
      seconds += now - start
      rows += loaded.size
      checksum += walk_visited_provinces(loaded)
    end
  end
  measurement.report(rows, checksum, seconds: seconds / loads)
end

create = lambda do
  people = PEOPLE_CREATED.times.map do |i|
    { firstname: "First#{i}", lastname: "Last#{i}", hometown_id: 1 + i * 7919 % 20_000 }
  end
  measurement.measure { Person.transaction { people.each_slice(1000) { |some| Person.insert_all!(some) } } }
  measurement.report(people.size, Person.where("id > ?", PEOPLE_BEFORE).sum(:hometown_id))
end

workloads = {
  "W1" => -> { load.call(Person.preload(:hometown), :walk_hometowns) },
  "W2" => -> { load.call(Province.preload(:cities), :walk_cities) },
  "W3" => -> { load.call(Person.preload(:visitation), :walk_visits) },
  "W4" => -> { load.call(Person.preload(visitation: :province), :walk_visited_provinces) },
  "W5" => stream,
  "W6" => -> { load.call(Person.eager_load(hometown: :province), :walk_joined) },
  "W7" => -> { load.call(Person.all, :walk_plain) },
  "W8" => load_small,
  "W9" => create
}

begin
  if workloads.key?(workload)
    [Province, City, Person].each(&:columns) # reads the schema before the clock
    workloads[workload].call
  else
    puts JSON.generate(workload: workload, skipped: "not written for this peer")
  end
rescue ActiveRecord::StatementInvalid => e
  # A database that refuses what the library asks of it, such as too many variables.
  puts JSON.generate(workload: workload, skipped: e.message.lines.first.chomp)
end
