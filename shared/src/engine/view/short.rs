//! A run whose values are cut: one that goes through a long array carries what grows with it in each passage.

use super::{RunView, StepVisit};

/// What is left of a longer value, in bytes.
const LEFT_BYTES: usize = 512;

impl RunView {
    /// The same with long values cut; the visits that this concerns are marked, and can be read whole.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        for visit in &mut self.visits {
            visit.is_cut = visit.cut_values();
        }
        self
    }
}

impl StepVisit {
    /// Whether there was anything to cut.
    fn cut_values(&mut self) -> bool {
        let variables = self
            .variables
            .iter_mut()
            .map(|variable| &mut variable.value);
        let reply = self
            .reply
            .iter_mut()
            .filter_map(|reply| reply.body.as_mut());
        let bodies = self.attempts.iter_mut().flat_map(|attempt| {
            let received = attempt.response.as_mut().map(|response| &mut response.body);
            attempt.request.body.as_mut().into_iter().chain(received)
        });
        let mut is_cut = false;
        for text in variables.chain(reply).chain(bodies) {
            if text.len() > LEFT_BYTES {
                text.truncate(text.floor_char_boundary(LEFT_BYTES));
                text.push('…');
                is_cut = true;
            }
        }
        is_cut
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::view::tests::{attempt, run, visit};
    use crate::engine::{ReceivedResponse, RunStatus, VariableView, VisitState};

    #[test]
    fn only_long_values_are_cut() {
        let long = "é".repeat(300);
        let mut short = visit("method", VisitState::Succeeded, 0, Some(1));
        short.attempts = vec![attempt(0, Some(1))];
        short.attempts[0].request.body = Some("x".repeat(512));
        let mut large = short.clone();
        large.attempts[0].response = Some(ReceivedResponse {
            status: 200,
            headers: Vec::new(),
            body: long.clone(),
            bytes: long.len(),
            time_ms: 1,
        });
        let mut set = visit("set", VisitState::Succeeded, 0, Some(1));
        set.variables = vec![VariableView {
            name: "All".to_owned(),
            value: long.clone(),
        }];
        let mut run = run(RunStatus::Succeeded);
        run.visits = vec![short.clone(), large, set];
        let cut = run.shortened().visits;
        assert_eq!(cut[0], short);
        let body = &cut[1].attempts[0].response.as_ref().unwrap().body;
        let left = format!("{}…", "é".repeat(256));
        for (text, visit) in [(body, &cut[1]), (&cut[2].variables[0].value, &cut[2])] {
            assert_eq!(*text, left);
            assert!(visit.is_cut);
        }
        assert_eq!(cut[1].attempts[0].request, short.attempts[0].request);
    }
}
