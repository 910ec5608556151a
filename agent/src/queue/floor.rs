//! Where the next claim of a kind begins to read the queue.
//!
//! A task that is done stays in the index until vacuum may remove it, and while some session holds an old snapshot it may not: a
//! claim that begins at the front then steps over every task done since. So an agent remembers how far it has come and begins
//! there. What turned up behind that place meanwhile (a supplier that is resumed, a row that another transaction held, a commit
//! that took long) is found by a whole reading, one per kind and poll interval however many workers there are.
//!
//! While there is much to do, a claim begins at the last one: the workers of an agent then do not step over what the others have
//! just claimed, each time. Where nothing is left after that, it is read once more from the floor.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::Kind;

/// A place counts as a floor only once it is this old: transactions commit in another order than they began in. What was queued with
/// a slightly earlier time is passed by while there is much to do, until the next whole reading at most.
const SETTLING: Duration = Duration::from_millis(250);

/// A place in the queue's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When the task was due.
    pub run_at: Timestamp,
    /// Its id.
    pub task: i64,
}

/// How far the workers of one agent have come in each kind.
#[derive(Debug)]
pub struct Floors {
    whole_every: Mutex<Duration>,
    kinds: [Mutex<Floor>; Kind::ALL.len()],
}

#[derive(Debug, Default)]
struct Floor {
    last: Option<Place>,
    settled: Option<Place>,
    pending: Option<(Instant, Place)>,
    read_whole: Option<Instant>,
}

impl Floors {
    /// Nothing read yet; the whole queue is read again after each `whole_every`.
    #[must_use]
    pub fn new(whole_every: Duration) -> Self {
        Self {
            whole_every: Mutex::new(whole_every),
            kinds: Default::default(),
        }
    }

    /// Every claim reads the whole queue: for one who must be sure that nothing is left.
    #[must_use]
    pub fn none() -> Self {
        Self::new(Duration::ZERO)
    }

    /// From now on the whole queue is read again after each `whole_every`.
    pub fn read_whole_every(&self, whole_every: Duration) {
        *self.every() = whole_every;
    }

    fn every(&self) -> MutexGuard<'_, Duration> {
        self.whole_every
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a claim of `kind` begins now; `None`: at the front.
    pub fn begin(&self, kind: Kind) -> Option<Place> {
        let whole_every = *self.every();
        self.with(kind, |floor| {
            let now = Instant::now();
            let due = |last: Instant| now.duration_since(last) >= whole_every;
            if floor.read_whole.is_none_or(due) {
                floor.read_whole = Some(now);
                floor.last = None;
                return None;
            }
            if let Some((since, place)) = floor.pending
                && now.duration_since(since) >= SETTLING
            {
                floor.settled = Some(place);
                floor.pending = None;
            }
            floor.last.or(floor.settled)
        })
        .flatten()
    }

    /// Nothing was found from `begin` on; says whether to look again, further ahead.
    pub fn found_nothing(&self, kind: Kind, begin: Option<Place>) -> bool {
        self.with(kind, |floor| {
            floor.last = None;
            begin.is_some() && begin != floor.settled
        })
        .unwrap_or_default()
    }

    /// A task at `place` was claimed, read from `begin` on: all between are done, or not to be had now.
    pub fn claimed(&self, kind: Kind, begin: Option<Place>, place: Place) {
        self.with(kind, |floor| {
            // Another worker has turned up something behind `begin` meanwhile, and there may be more: that is done first.
            if begin > floor.last && floor.last.is_some() {
                return;
            }
            floor.last = Some(place);
            if floor.settled.is_some_and(|settled| place < settled) {
                // One turned up behind: where it was, there may be more.
                floor.settled = Some(place);
                floor.pending = None;
            } else if floor.pending.is_none() {
                floor.pending = Some((Instant::now(), place));
            }
        });
    }

    fn with<T>(&self, kind: Kind, act: impl FnOnce(&mut Floor) -> T) -> Option<T> {
        let place = Kind::ALL.iter().position(|other| *other == kind)?;
        let mut floor = self
            .kinds
            .get(place)?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Some(act(&mut floor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(task: i64) -> Place {
        Place {
            run_at: Timestamp::UNIX_EPOCH,
            task,
        }
    }

    fn settled(kind: Kind, at: Place) -> Floors {
        let floors = Floors::new(Duration::from_secs(3600));
        floors.begin(kind);
        floors.with(kind, |floor| floor.settled = Some(at));
        floors
    }

    #[test]
    fn the_first_reading_is_whole_and_a_place_counts_only_when_it_has_settled() {
        let floors = Floors::new(Duration::from_secs(3600));
        assert_eq!(floors.begin(Kind::Submit), None);
        floors.claimed(Kind::Submit, None, place(7));
        floors.found_nothing(Kind::Submit, floors.begin(Kind::Submit));
        assert_eq!(floors.begin(Kind::Submit), None);
        floors.with(Kind::Submit, |floor| {
            let long_ago = Instant::now().checked_sub(SETTLING).unwrap();
            floor.pending = Some((long_ago, place(7)));
        });
        assert_eq!(floors.begin(Kind::Submit), Some(place(7)));
        assert_eq!(floors.begin(Kind::Flux), None);
    }

    #[test]
    fn a_claim_follows_the_last_one_and_what_it_leaves_is_looked_for_from_the_floor() {
        let floors = settled(Kind::History, place(5));
        floors.claimed(Kind::History, None, place(50));
        let begin = floors.begin(Kind::History);
        assert_eq!(begin, Some(place(50)));
        assert!(floors.found_nothing(Kind::History, begin));
        let begin = floors.begin(Kind::History);
        assert_eq!(begin, Some(place(5)));
        assert!(!floors.found_nothing(Kind::History, begin));
    }

    #[test]
    fn one_that_turned_up_behind_moves_the_place_back_to_it() {
        let floors = settled(Kind::History, place(50));
        floors.claimed(Kind::History, None, place(3));
        assert_eq!(floors.begin(Kind::History), Some(place(3)));
        floors.found_nothing(Kind::History, Some(place(3)));
        assert_eq!(floors.begin(Kind::History), Some(place(3)));
    }

    #[test]
    fn what_turned_up_behind_is_not_left_for_a_claim_that_began_ahead_of_it() {
        let floors = settled(Kind::History, place(50));
        let (one, other) = (None, floors.begin(Kind::History));
        floors.claimed(Kind::History, one, place(3));
        floors.claimed(Kind::History, other, place(51));
        assert_eq!(floors.begin(Kind::History), Some(place(3)));
        floors.claimed(Kind::History, Some(place(3)), place(4));
        assert_eq!(floors.begin(Kind::History), Some(place(4)));
    }

    #[test]
    fn the_whole_is_read_again_in_time_however_much_there_is_to_do() {
        let floors = Floors::new(Duration::from_millis(1));
        floors.claimed(Kind::Submit, None, place(7));
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(floors.begin(Kind::Submit), None);
    }

    #[test]
    fn without_floors_every_reading_is_whole() {
        let floors = Floors::none();
        floors.claimed(Kind::Submit, None, place(7));
        assert_eq!(floors.begin(Kind::Submit), None);
        assert_eq!(floors.begin(Kind::Submit), None);
        assert!(!floors.found_nothing(Kind::Submit, None));
    }
}
