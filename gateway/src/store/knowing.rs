//! Reading rows that need something which is not known here yet, but in the store.

use std::sync::Arc;

use super::{Connection, StoreError, keys};

impl Connection {
    /// Runs `work`, which reads rows. If another gateway has packed one of them with a dictionary
    /// that was not known here, it is learnt, and `work` is done again. So it is if one of them is
    /// in the clear, and the store says now that it takes such rows.
    pub(super) fn knowing<T>(
        &mut self,
        work: impl Fn(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.seal = self.ring.clone();
        let mut done = work(self);
        for _ in 0..2 {
            match done {
                Err(StoreError::UnknownDictionary(_)) => {
                    self.seal().dictionaries().learn(self)?;
                }
                Err(StoreError::NotSealed(_)) if keys::takes_plain(self)? => {
                    self.seal = Arc::new(self.ring.taking_plain());
                }
                done => return done,
            }
            done = work(self);
        }
        done
    }
}
