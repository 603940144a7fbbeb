//! A product shared among the threads of a machine. A page has one: no other can be had there.

use super::matmul::{TILE, Work};

/// Products smaller than this are done before another thread has heard of them.
const WORTH_SHARING: usize = 1 << 17;

/// Products of the same rows, `out (rows, outputs)` each: by outputs where there is one row, which lie side by side then; by
/// rows else.
pub(super) fn shared(works: Vec<Work>, outs: &mut [&mut [f32]]) {
    let size = works.iter().map(Work::size).sum::<usize>();
    let cuts: Vec<Cut> = works.iter().map(Cut::of).collect();
    let run = {
        let cuts = cuts.clone();
        move |which: usize, first, out: &mut [f32]| cuts[which].run(&works[which], first, out)
    };
    shared_out(outs, &cuts, size, run);
}

/// Something of `size` multiplications whose results lie unit after unit, `width` values each: `work` fills those from a unit
/// on.
pub(super) fn shared_by_units(
    out: &mut [f32],
    width: usize,
    size: usize,
    work: impl Fn(usize, &mut [f32]) + Clone + Send + 'static,
) {
    let cut = Cut { is_by_outputs: false, width: width.max(1), together: 1 };
    shared_out(&mut [out], &[cut], size, move |_, first, out| work(first, out));
}

/// Fills all of these, a share of each on every thread, this one among them: `work` is told which of them it is, the first
/// unit, and where to.
fn shared_out(
    outs: &mut [&mut [f32]],
    cuts: &[Cut],
    size: usize,
    work: impl Fn(usize, usize, &mut [f32]) + Clone + Send + 'static,
) {
    let crew = crew::crew();
    let threads = crew.len() + 1;
    // Somebody else's work keeps them busy.
    let free = crew.try_lock().filter(|_| threads > 1 && size >= WORTH_SHARING);
    let Some(hands) = free else {
        outs.iter_mut().enumerate().for_each(|(which, out)| work(which, 0, out));
        return;
    };
    // For each thread: which, the first unit, and where to.
    let mut shares: Vec<Vec<(usize, usize, &mut [f32])>> = Vec::new();
    shares.resize_with(threads, Vec::new);
    for (which, (out, cut)) in outs.iter_mut().zip(cuts).enumerate() {
        let units = out.len() / cut.width;
        let each = units.div_ceil(threads).next_multiple_of(cut.together).max(1);
        let parts = out.chunks_mut(each * cut.width).zip((0..).step_by(each));
        for (share, (out, first)) in shares.iter_mut().zip(parts) {
            share.push((which, first, out));
        }
    }
    let mut shares = shares.into_iter().filter(|share| !share.is_empty());
    let own = shares.next();
    let mut busy = Vec::with_capacity(hands.len());
    for (hand, share) in hands.iter().zip(shares) {
        let work = work.clone();
        let told: Vec<_> =
            share.iter().map(|(which, first, out)| (*which, *first, out.len())).collect();
        hand.give(Box::new(move |found| {
            found.clear();
            found.resize(told.iter().map(|(_, _, len)| len).sum(), 0.0);
            let mut rest = found.as_mut_slice();
            for (which, first, len) in told {
                let (out, after) = rest.split_at_mut(len);
                work(which, first, out);
                rest = after;
            }
        }));
        busy.push((hand, share));
    }
    own.into_iter().flatten().for_each(|(which, first, out)| work(which, first, out));
    for (hand, mut share) in busy {
        let is_done = hand.take(|mut found| {
            for (_, _, out) in &mut share {
                let (own, rest) = found.split_at(out.len());
                out.copy_from_slice(own);
                found = rest;
            }
        });
        if !is_done {
            share.into_iter().for_each(|(which, first, out)| work(which, first, out));
        }
    }
}

/// How results are cut into shares: units of so many values each, of which so many are better together.
#[derive(Clone, Copy)]
struct Cut {
    is_by_outputs: bool,
    width: usize,
    together: usize,
}

impl Cut {
    fn of(work: &Work) -> Self {
        match work.rows() {
            1 => Self { is_by_outputs: true, width: 1, together: 1 },
            _ => Self { is_by_outputs: false, width: work.outputs().max(1), together: TILE },
        }
    }

    fn run(self, work: &Work, first: usize, out: &mut [f32]) {
        let (part, count) = (work.part(), out.len() / self.width);
        let part = match self.is_by_outputs {
            true => part.of_outputs(first, count),
            false => part.of_rows(first, count),
        };
        part.run(out);
    }
}

/// Threads that look for work for a while before they sleep: between two products of a decoder there is less time than it
/// takes to wake one.
mod crew {
    use std::hint::spin_loop;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
    use std::thread::{self, JoinHandle};

    /// Looks before a thread sleeps, and before whoever waits for it lets others run: some fifty microseconds.
    const LOOKS: u32 = 20_000;

    /// Fills what it is given.
    type Task = Box<dyn FnOnce(&mut Vec<f32>) + Send>;

    /// Where a task is left for a thread, and what came of it.
    #[derive(Default)]
    struct Desk {
        task: Mutex<Option<Task>>,
        found: Mutex<Vec<f32>>,
        given: AtomicU32,
        done: AtomicU32,
        sleeps: AtomicBool,
    }

    /// One more thread.
    pub(super) struct Hand {
        desk: Arc<Desk>,
        thread: JoinHandle<()>,
    }

    /// All of them but the one that asks.
    pub(super) struct Crew {
        hands: Mutex<Vec<Hand>>,
        len: usize,
    }

    fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As many threads as the machine has, or as `SCANWISE_THREADS` says.
    pub(super) fn crew() -> &'static Crew {
        static CREW: OnceLock<Crew> = OnceLock::new();
        CREW.get_or_init(|| {
            let told = std::env::var("SCANWISE_THREADS").ok().and_then(|told| told.parse().ok());
            let threads = told.or_else(|| thread::available_parallelism().ok().map(usize::from));
            let hands: Vec<Hand> =
                (1..threads.unwrap_or(1).min(64)).map_while(|_| Hand::new()).collect();
            Crew { len: hands.len(), hands: Mutex::new(hands) }
        })
    }

    impl Crew {
        pub(super) fn len(&self) -> usize {
            self.len
        }

        pub(super) fn try_lock(&self) -> Option<MutexGuard<'_, Vec<Hand>>> {
            self.hands.try_lock().ok()
        }
    }

    impl Hand {
        /// None where the system gives no thread.
        fn new() -> Option<Self> {
            let desk = Arc::new(Desk::default());
            let own = Arc::clone(&desk);
            let builder = thread::Builder::new().name("scanwise product".to_owned());
            let thread = builder.spawn(move || own.serve()).ok()?;
            Some(Self { desk, thread })
        }

        pub(super) fn give(&self, task: Task) {
            *lock(&self.desk.task) = Some(task);
            self.desk.given.fetch_add(1, Ordering::SeqCst);
            if self.desk.sleeps.load(Ordering::SeqCst) {
                self.thread.thread().unpark();
            }
        }

        /// Waits for what came of it; false where the thread has broken down over it.
        pub(super) fn take(&self, with: impl FnOnce(&[f32])) -> bool {
            let mut looks = 0;
            while self.desk.done.load(Ordering::Acquire) != self.desk.given.load(Ordering::Relaxed)
            {
                looks += 1;
                if looks < LOOKS {
                    spin_loop();
                } else if self.thread.is_finished() {
                    return false;
                } else {
                    thread::yield_now();
                }
            }
            with(&lock(&self.desk.found));
            true
        }
    }

    impl Desk {
        fn serve(&self) {
            let mut done = 0u32;
            loop {
                let mut looks = 0;
                while self.given.load(Ordering::SeqCst) == done {
                    looks += 1;
                    if looks < LOOKS {
                        spin_loop();
                        continue;
                    }
                    self.sleeps.store(true, Ordering::SeqCst);
                    // What was given between the last look and this is not slept through.
                    if self.given.load(Ordering::SeqCst) == done {
                        thread::park();
                    }
                    self.sleeps.store(false, Ordering::SeqCst);
                    looks = 0;
                }
                if let Some(task) = lock(&self.task).take() {
                    task(&mut lock(&self.found));
                }
                done = done.wrapping_add(1);
                self.done.store(done, Ordering::Release);
            }
        }
    }
}
