//! The walk inside an array: which elements are looked at, and which again.

use super::target::Outcome;
use super::{Entry, Frame, Phase, Walk};
use crate::json::{Expected, Fault, Kind};
use crate::output::segment::Segment;

impl Walk<'_, '_, '_> {
    /// Goes on in an array until it ends or something in it becomes a frame.
    pub(super) fn array(&mut self, mut frame: Frame) -> Result<(), Fault> {
        let depth = self.frames.len();
        loop {
            match frame.phase {
                Phase::Element => {
                    frame.phase = Phase::SecondLook;
                    if self.accept(frame) {
                        self.scanner.seek(frame.mark);
                        self.put(frame);
                        if self.value(frame.to)? {
                            return Ok(());
                        }
                    }
                    continue;
                }
                Phase::SecondLook => {
                    self.end_element(frame);
                    frame.index += 1;
                    frame.phase = Phase::Between;
                }
                Phase::FromEnd => {
                    if !self.next_from_end(frame)? {
                        self.scanner.seek(frame.mark);
                        self.close(frame);
                        return Ok(());
                    }
                    if self.frames.len() > depth {
                        return Ok(());
                    }
                    continue;
                }
                _ => {}
            }
            self.scanner.white_space();
            let first = frame.phase == Phase::ArrayStart;
            match self.scanner.peek() {
                Some(b']') => {
                    self.scanner.advance();
                    self.end_array(frame);
                    frame.mark = self.scanner.position();
                    frame.phase = Phase::FromEnd;
                    self.put(frame);
                    continue;
                }
                Some(b',') if !first => {
                    self.scanner.advance();
                    self.scanner.white_space();
                }
                Some(byte) if first && Kind::of_first_byte(byte).is_some() => {}
                _ if first => return Err(self.scanner.fault(Expected::ValueOrBracket)),
                _ => return Err(self.scanner.fault(Expected::CommaOrBracket)),
            }
            frame.mark = self.scanner.position();
            self.begin_element(frame);
            if self.entries.len() == frame.to {
                self.scanner.skip_value(depth)?;
                frame.index += 1;
                frame.phase = Phase::Between;
            } else {
                frame.phase = Phase::Element;
                self.put(frame);
                if self.value(frame.to)? {
                    return Ok(());
                }
            }
        }
    }

    /// Adds entries for whoever wants to see the element that begins here.
    fn begin_element(&mut self, frame: Frame) {
        let depth = self.frames.len();
        for index in frame.from..frame.to {
            let Some(entry) = self.entries.get(index).copied() else {
                return;
            };
            let Some(target) = self.targets.get_mut(entry.target) else {
                return;
            };
            match entry.segment(target, depth) {
                Some(Segment::Index(wanted)) if *wanted == frame.index => {
                    self.entries.push(Entry::of_target(entry.target));
                }
                Some(Segment::FromEnd(count)) => target.remember(frame.mark, *count),
                Some(Segment::Each(tests)) if tests.is_empty() => {
                    target.begin_element();
                    self.entries.push(Entry::of_target(entry.target));
                }
                Some(Segment::First(tests) | Segment::Each(tests)) if !entry.taken => {
                    let tests = tests.iter();
                    self.entries
                        .extend(tests.map(|test| Entry::of_test(entry.target, test, depth)));
                }
                _ => {}
            }
        }
    }

    /// Lets those whose tests the element has passed have it. Returns whether some of
    /// them must look inside again; their entries are there then.
    fn accept(&mut self, frame: Frame) -> bool {
        let depth = self.frames.len();
        let end = self.scanner.position();
        for index in frame.from..frame.to {
            let Some(entry) = self.entries.get_mut(index) else {
                break;
            };
            let Some(target) = self.targets.get_mut(entry.target) else {
                break;
            };
            match entry.segment(target, depth) {
                Some(Segment::First(tests)) if !entry.taken && target.passed(tests) => {
                    entry.taken = true;
                }
                Some(Segment::Each(tests)) if !tests.is_empty() && target.passed(tests) => {
                    target.begin_element();
                }
                _ => continue,
            }
            if target.segments().len() == depth {
                target.outcome = Outcome::Found {
                    start: frame.mark,
                    end,
                };
            } else {
                let again = Entry::of_target(entry.target);
                self.entries.push(again);
            }
        }
        self.entries.len() > frame.to
    }

    /// Adds what was found in the element to the arrays that collect it.
    fn end_element(&mut self, frame: Frame) {
        let depth = self.frames.len();
        for entry in self.entries.get(frame.from..frame.to).unwrap_or_default() {
            if let Some(target) = self.targets.get_mut(entry.target)
                && let Some(Segment::Each(tests)) = entry.segment(target, depth)
                && target.passed(tests)
            {
                target.end_element(self.scanner);
            }
        }
    }

    fn end_array(&mut self, frame: Frame) {
        let depth = self.frames.len();
        for entry in self.entries.get(frame.from..frame.to).unwrap_or_default() {
            if let Some(target) = self.targets.get_mut(entry.target)
                && let Some(Segment::Each(_)) = entry.segment(target, depth)
            {
                target.end_collection();
            }
        }
    }

    /// Goes back to the next element that an index from the end means, with all
    /// targets that mean it. Returns whether there was one.
    fn next_from_end(&mut self, frame: Frame) -> Result<bool, Fault> {
        let depth = self.frames.len();
        let mut element = None;
        for index in frame.from..frame.to {
            let Some(entry) = self.entries.get_mut(index) else {
                break;
            };
            let Some(target) = self.targets.get(entry.target) else {
                break;
            };
            if let Some(Segment::FromEnd(count)) = entry.segment(target, depth)
                && !entry.taken
                && let Some(start) = target.remembered(*count)
                && element.is_none_or(|element| element == start)
            {
                element = Some(start);
                entry.taken = true;
                let again = Entry::of_target(entry.target);
                self.entries.push(again);
            }
        }
        let Some(element) = element else {
            return Ok(false);
        };
        self.scanner.seek(element);
        self.value(frame.to)?;
        Ok(true)
    }
}
