//! The faults that are set, and chance.

use crate::fault::Fault;
use crate::operation::Operation;

/// The faults set, and the generator that draws them.
#[derive(Debug)]
pub(crate) struct Faults {
    set: Vec<Fault>,
    generator: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            set: Vec::new(),
            generator: seed,
        }
    }

    /// The faults that are not spent.
    pub(crate) fn set(&self) -> &[Fault] {
        &self.set
    }

    /// Replaces all faults.
    pub(crate) fn replace(&mut self, faults: Vec<Fault>) -> Result<(), &'static str> {
        match faults.iter().find_map(Fault::problem) {
            Some(problem) => Err(problem),
            None => {
                self.set = faults;
                Ok(())
            }
        }
    }

    /// Adds a fault behind the others.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), &'static str> {
        match fault.problem() {
            Some(problem) => Err(problem),
            None => {
                self.set.push(fault);
                Ok(())
            }
        }
    }

    /// The fault that strikes this request: the first that matches and is drawn.
    pub(crate) fn strike(&mut self, operation: Operation) -> Option<Fault> {
        for index in 0..self.set.len() {
            let drawn = self.draw();
            let Some(fault) = self.set.get_mut(index) else {
                break;
            };
            let spent = fault.count == Some(0);
            if spent
                || fault.operation.is_some_and(|only| only != operation)
                || drawn >= fault.probability
            {
                continue;
            }
            let struck = fault.clone();
            if let Some(left) = &mut fault.count {
                *left = left.saturating_sub(1);
            }
            self.set.retain(|fault| fault.count != Some(0));
            return Some(struck);
        }
        None
    }

    /// A number in [0, 1): SplitMix64, so that a seed repeats a run.
    fn draw(&mut self) -> f64 {
        self.generator = self.generator.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.generator;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let top = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(u32::MAX);
        f64::from(top) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_its_operation_until_it_is_spent() {
        let mut faults = Faults::new(1);
        faults
            .replace(vec![Fault::refuse().on(Operation::DeposerFlux).times(2)])
            .unwrap();
        assert!(faults.strike(Operation::Token).is_none());
        assert!(faults.strike(Operation::DeposerFlux).is_some());
        assert!(faults.strike(Operation::DeposerFlux).is_some());
        assert!(faults.strike(Operation::DeposerFlux).is_none());
        assert!(faults.set().is_empty());
    }

    #[test]
    fn probability_is_drawn_and_a_seed_repeats_it() {
        let run = |seed| {
            let mut faults = Faults::new(seed);
            faults
                .replace(vec![Fault::status(503).with_probability(0.25)])
                .unwrap();
            (0..1000)
                .map(|_| faults.strike(Operation::Token).is_some())
                .collect::<Vec<_>>()
        };
        let struck = run(7).into_iter().filter(|struck| *struck).count();
        assert!((200..300).contains(&struck), "{struck}");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn senseless_faults_are_refused() {
        let mut faults = Faults::new(1);
        let no_status = Fault {
            status: None,
            ..Fault::status(503)
        };
        assert!(faults.add(no_status).is_err());
        assert!(
            faults
                .replace(vec![Fault::refuse().with_probability(1.5)])
                .is_err()
        );
    }
}
