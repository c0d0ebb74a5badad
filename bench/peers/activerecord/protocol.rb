# The protocol of the benchmark: time, memory, statements, and the line of JSON.

require "fileutils"
require "json"

PEOPLE_CREATED = 100_000
PEOPLE_BEFORE = 100_000 # the checksum of W9 is over those with an id above
CHUNK = 2_000
SMALL_WARMUP = 50
SMALL_CHECKED = 300

# The ids of the ten people of the i-th small load, where there are `people` people.
def small_range(i, people)
  k = i * 37 % [9000, people * 9 / 100].min
  (10 * k + 1)..(10 * k + 10)
end

# The database itself, or for W9 a copy to write to: beside it, so on the same file system, and removed at exit.
def database_for(workload, database)
  return database unless workload == "W9"

  copy = "#{database}.copy-#{Process.pid}"
  FileUtils.cp(database, copy)
  at_exit { FileUtils.rm_f(copy) }
  copy
end

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

# Measures a block, and prints what it cost.
class Measurement
  @statements = 0
  class << self
    attr_accessor :statements
  end

  ActiveSupport::Notifications.subscribe("sql.active_record") do |*, payload|
    # nil and the names of models are loads and changes; BEGIN, COMMIT and reading the schema do not count.
    Measurement.statements += 1 unless %w[SCHEMA TRANSACTION].include?(payload[:name])
  end

  def initialize(workload)
    @workload = workload
  end

  # times: `seconds` and `statements` are those of one of so many equal loads.
  def measure(times: 1)
    statements_before = Measurement.statements
    @idle_kb = memory_kb("VmRSS")
    reset_peak
    start = now
    result = yield
    @seconds = (now - start) / times
    @peak_kb = memory_kb("VmHWM")
    @statements = (Measurement.statements - statements_before) / times
    result
  end

  def report(rows, checksum, seconds: @seconds)
    puts JSON.generate(workload: @workload, seconds: seconds, statements: @statements, rows: rows,
                       checksum: checksum.to_s, peak_kb: @peak_kb, idle_kb: @idle_kb)
  end

  private

  def memory_kb(field)
    File.read("/proc/self/status")[/^#{field}:\s+(\d+)/, 1].to_i
  end

  def reset_peak
    File.write("/proc/self/clear_refs", "5")
  rescue SystemCallError
    nil # The peak then includes the start of the program.
  end
end
