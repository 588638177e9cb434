//! Long pieces of work on the command line: step by step beside a running gateway, with a bar on a
//! terminal.

use std::{thread, time::Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::store::{Step, StoreError};

/// Takes one `step` after the other until there is none, and rests between them. Gives how many
/// rows they were about. The bar ends at `end`, and is shown on a terminal only.
pub(super) fn walk(
    end: i64,
    mut step: impl FnMut() -> Result<Option<Step>, StoreError>,
) -> Result<usize, Failure> {
    let style = ProgressStyle::with_template("{percent:>3} % {wide_bar} {msg} rows, {eta} left");
    let style = style.expect("the template is ours, and its keys are known");
    let bar = ProgressBar::new(u64::try_from(end).unwrap_or_default()).with_style(style);
    let mut rows = 0;
    loop {
        let started = Instant::now();
        let outcome = step();
        let Ok(Some(step)) = outcome else {
            bar.finish_and_clear();
            return outcome.map(|_| rows).map_err(Failure::new);
        };
        rows += step.rows;
        bar.set_position(u64::try_from(step.at).unwrap_or_default());
        bar.set_message(rows.to_string());
        thread::sleep(step.rest(started.elapsed()));
    }
}
