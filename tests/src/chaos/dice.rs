//! Chance with a seed, so that what a run decided can be decided again.

use std::time::Duration;

/// SplitMix64: small, and the same on every machine.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Other dice, whose falls do not depend on how often these are thrown.
    #[must_use]
    pub fn of_their_own(&self, name: &str) -> Self {
        let mixed = name.bytes().fold(self.0, |seed, byte| {
            (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to `limit`, without it; 0 where there is no other.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next().checked_rem(limit).unwrap_or_default()
    }

    /// Puts `things` into another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(last as u64 + 1);
            things.swap(last, usize::try_from(other).unwrap_or_default());
        }
    }

    /// Whether something happens that does so in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A time between half of `mean` and half as much again.
    pub fn around(&mut self, mean: Duration) -> Duration {
        let milliseconds = u64::try_from(mean.as_millis()).unwrap_or(u64::MAX);
        mean / 2 + Duration::from_millis(self.below(milliseconds.max(1)))
    }

    /// One of `things`; `None` where there is none.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let place = self.below(things.len() as u64);
        things.get(usize::try_from(place).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_dice_of_their_own_do_not_depend_on_others() {
        let throws = |mut dice: Dice| (0..20).map(|_| dice.below(1000)).collect::<Vec<_>>();
        let seven = Dice::new(7);
        assert_eq!(throws(seven.clone()), throws(Dice::new(7)));
        assert_ne!(throws(seven.clone()), throws(Dice::new(8)));
        let (mut thrown, name) = (Dice::new(7), "nemesis");
        let before = thrown.of_their_own(name);
        assert_ne!(
            throws(before.clone()),
            throws(thrown.of_their_own("people"))
        );
        thrown.below(2);
        assert_ne!(throws(before), throws(thrown));
    }
}
