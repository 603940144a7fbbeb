//! A product shared among the threads of a machine. A page has one: no other can be had there.

use super::matmul::{TILE, Work};

/// Products smaller than this are done before another thread has heard of them.
const WORTH_SHARING: usize = 1 << 17;

/// Products of the same rows, `out (rows, outputs)` each: by outputs where there is one row, which lie side by side then; by
/// rows else. This thread does the first share of each itself.
pub(super) fn shared(works: &[Work], outs: &mut [&mut [f32]]) {
    let crew = crew::crew();
    let threads = crew.len() + 1;
    // Somebody else's products keep them busy.
    let size = works.iter().map(Work::size).sum::<usize>();
    let free = crew.try_lock().filter(|_| threads > 1 && size >= WORTH_SHARING);
    let Some(hands) = free else {
        works.iter().zip(outs).for_each(|(work, out)| work.part().run(out));
        return;
    };
    let shares: Vec<Share> = works.iter().map(|work| Share::of(work, threads)).collect();
    // Of each product one share for each thread at most.
    let mut cut: Vec<_> = outs
        .iter_mut()
        .zip(&shares)
        .map(|(out, share)| out.chunks_mut(share.values()).zip((0..).step_by(share.each)))
        .collect();
    let own: Vec<_> = cut.iter_mut().map(Iterator::next).collect();
    let mut busy = Vec::with_capacity(hands.len());
    for hand in hands.iter() {
        let parts: Vec<_> = cut.iter_mut().map(Iterator::next).collect();
        if parts.iter().all(Option::is_none) {
            break;
        }
        let lens: Vec<_> = parts
            .iter()
            .map(|part| part.as_ref().map(|(out, first)| (out.len(), *first)))
            .collect();
        let (works, shares) = (works.to_vec(), shares.clone());
        hand.give(Box::new(move |found| {
            found.clear();
            found.resize(lens.iter().flatten().map(|(len, _)| len).sum(), 0.0);
            let mut rest = found.as_mut_slice();
            for ((work, share), (len, first)) in works
                .iter()
                .zip(&shares)
                .zip(&lens)
                .filter_map(|(of, part)| part.map(|part| (of, part)))
            {
                let (out, after) = rest.split_at_mut(len);
                share.run(work, first, out);
                rest = after;
            }
        }));
        busy.push((hand, parts));
    }
    for ((work, share), part) in works.iter().zip(&shares).zip(own) {
        if let Some((out, first)) = part {
            share.run(work, first, out);
        }
    }
    for (hand, parts) in busy {
        let parts = works.iter().zip(&shares).zip(parts);
        let parts = parts.filter_map(|(of, part)| part.map(|part| (of, part)));
        let mut parts: Vec<_> = parts.collect();
        let is_done = hand.take(|mut found| {
            for (_, (out, _)) in &mut parts {
                let (own, rest) = found.split_at(out.len());
                out.copy_from_slice(own);
                found = rest;
            }
        });
        if !is_done {
            parts.into_iter().for_each(|((work, share), (out, first))| share.run(work, first, out));
        }
    }
}

/// Something of `size` multiplications whose results lie unit after unit, `width` values each: `work` fills those from a unit
/// on.
pub(super) fn shared_by_units(
    out: &mut [f32],
    width: usize,
    size: usize,
    work: impl Fn(usize, &mut [f32]) + Clone + Send + 'static,
) {
    let crew = crew::crew();
    let threads = crew.len() + 1;
    let free = crew.try_lock().filter(|_| threads > 1 && size >= WORTH_SHARING);
    let Some(hands) = free else { return work(0, out) };
    let each = (out.len() / width.max(1)).div_ceil(threads).max(1);
    let mut shares = out.chunks_mut((each * width).max(1)).zip((0..).step_by(each));
    let own = shares.next();
    let mut busy = Vec::with_capacity(hands.len());
    for (hand, (out, first)) in hands.iter().zip(shares) {
        let (work, len) = (work.clone(), out.len());
        hand.give(Box::new(move |found| {
            found.clear();
            found.resize(len, 0.0);
            work(first, found);
        }));
        busy.push((hand, first, out));
    }
    if let Some((out, first)) = own {
        work(first, out);
    }
    for (hand, first, out) in busy {
        if !hand.take(|found| out.copy_from_slice(found)) {
            work(first, out);
        }
    }
}

/// How a product is cut.
#[derive(Clone, Copy)]
struct Share {
    is_by_outputs: bool,
    /// Outputs, or rows, of one share.
    each: usize,
    /// Values of one of these.
    width: usize,
}

impl Share {
    fn of(work: &Work, threads: usize) -> Self {
        let (rows, outputs) = (work.rows(), work.outputs());
        match rows {
            1 => Self { is_by_outputs: true, each: outputs.div_ceil(threads), width: 1 },
            _ => {
                let each = rows.div_ceil(threads).next_multiple_of(TILE);
                Self { is_by_outputs: false, each, width: outputs }
            }
        }
    }

    fn values(self) -> usize {
        (self.each * self.width).max(1)
    }

    fn run(self, work: &Work, first: usize, out: &mut [f32]) {
        let (part, count) = (work.part(), out.len() / self.width.max(1));
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
