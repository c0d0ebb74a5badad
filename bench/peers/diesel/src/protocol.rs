//! The protocol of the benchmark: time, memory, allocations, statements, and the line of JSON.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;

pub const PEOPLE_CREATED: i64 = 100_000;
/// The checksum of W9 is over those with an id above.
pub const PEOPLE_BEFORE: i64 = 100_000;
pub const CHUNK: i64 = 2_000;
pub const SMALL_WARMUP: i64 = 50;
pub const SMALL_LOADS: i64 = 2_000;
pub const SMALL_CHECKED: i64 = 300;

/// The first id of the ten people of the i-th small load, where there are so many people.
pub fn small_first(i: i64, people: i64) -> i64 {
    10 * (i * 37 % i64::min(9000, people * 9 / 100)) + 1
}

struct CountingAllocator;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

// SAFETY: everything is handed to the system's allocator.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        System.alloc(layout)
    }
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        System.realloc(memory, layout, size)
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        System.dealloc(memory, layout)
    }
}

pub fn count_statements(connection: &mut SqliteConnection) {
    connection.set_instrumentation(|event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::StartQuery { .. } => {
            STATEMENTS.fetch_add(1, Relaxed);
        }
        // Its statement is told as a query as well, and does not count.
        InstrumentationEvent::BeginTransaction { .. } | InstrumentationEvent::CommitTransaction { .. } => {
            STATEMENTS.fetch_sub(1, Relaxed);
        }
        _ => {}
    });
}

/// What a load cost.
pub struct Measurement {
    seconds: f64,
    statements: u64,
    allocations: u64,
    idle_kb: u64,
    peak_kb: u64,
}

/// Runs `work` once.
pub fn measure<T>(work: impl FnOnce() -> QueryResult<T>) -> QueryResult<(T, Measurement)> {
    let idle_kb = memory_kb("VmRSS:");
    // Where the kernel does not allow it, the peak includes the start of the program.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (statements, allocations) = (STATEMENTS.load(Relaxed), ALLOCATIONS.load(Relaxed));
    let start = Instant::now();
    let result = work()?;
    let cost = Measurement {
        seconds: start.elapsed().as_secs_f64(),
        statements: STATEMENTS.load(Relaxed) - statements,
        allocations: ALLOCATIONS.load(Relaxed) - allocations,
        idle_kb,
        peak_kb: memory_kb("VmHWM:"),
    };
    Ok((result, cost))
}

impl Measurement {
    /// The cost of one of so many equal loads, which took `seconds` together.
    pub fn per_load(self, loads: i64, seconds: f64) -> Self {
        let times = loads as u64;
        Measurement {
            seconds: seconds / loads as f64,
            statements: self.statements / times,
            allocations: self.allocations / times,
            ..self
        }
    }

    pub fn report(&self, workload: &str, rows: usize, checksum: i64) {
        println!(
            "{{\"workload\":\"{workload}\",\"seconds\":{:.9},\"statements\":{},\"rows\":{rows},\
             \"checksum\":\"{checksum}\",\"peak_kb\":{},\"idle_kb\":{},\"allocations\":{}}}",
            self.seconds, self.statements, self.peak_kb, self.idle_kb, self.allocations
        );
    }
}

pub fn print_skipped(workload: &str, reason: &str) {
    println!("{{\"workload\":{workload:?},\"skipped\":{reason:?}}}");
}

fn memory_kb(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// A copy of a database to write to: beside it, so on the same file system.
pub struct ScratchCopy {
    pub path: String,
}

impl ScratchCopy {
    pub fn of(database: &str) -> std::io::Result<Self> {
        let path = format!("{database}.copy-{}", std::process::id());
        fs::copy(database, &path)?;
        Ok(ScratchCopy { path })
    }
}

impl Drop for ScratchCopy {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
