//! One pass over a body for any number of paths.
//!
//! A *target* is a path that is looked for. While the walk is inside an object or
//! array that some target leads into, that container is a *frame* on a stack of the
//! walk's own; the frame's *entries* say which targets (and which tests on an element)
//! go on inside it. Everything else is skipped by the scanner, checked on the way.
//!
//! Because every segment goes down one level, a target in a frame at depth *n* is
//! always at its segment *n*. Two kinds of segments cannot be decided while their
//! element is passed for the first time, and take a second look at that one element:
//! a test, whose answer is known at the element's end only (a later key may be equal to
//! an earlier one, and then counts), and an index from the end. A byte is therefore
//! looked at no more often than a path has segments, whatever the body.

use std::borrow::Cow;

use super::missing::{self, Missing};
use super::segment::{Segment, Test};
use super::{ExtractError, OutputPath};
use crate::json::scan::{Scanner, with_scanner};
use crate::json::{Expected, Fault, InvalidJson, Kind, Limits};

mod target;

use target::{Outcome, Target};

pub(super) fn extract_one<'a>(
    path: &OutputPath,
    body: &'a [u8],
    limits: Limits,
) -> Result<Cow<'a, str>, ExtractError> {
    let results = extract_all(std::iter::once(path), body, limits)?;
    let only = results.into_iter().next();
    // One path in, one result out.
    Ok(only.unwrap_or(Ok(Cow::Borrowed("")))?)
}

/// What each path finds, in the order of the paths.
pub(super) fn extract_all<'p, 'a>(
    paths: impl Iterator<Item = &'p OutputPath>,
    body: &'a [u8],
    limits: Limits,
) -> Result<Vec<Result<Cow<'a, str>, Missing>>, InvalidJson> {
    with_scanner(body, limits, |scanner| {
        let targets = paths.map(Target::new).collect();
        let mut walk = Walk {
            scanner,
            targets,
            entries: Vec::new(),
            frames: Vec::new(),
        };
        walk.run()?;
        let Walk {
            scanner, targets, ..
        } = walk;
        Ok(targets
            .into_iter()
            .map(|target| finish(target, scanner))
            .collect())
    })
}

fn finish<'a>(target: Target<'_>, scanner: &Scanner<'a>) -> Result<Cow<'a, str>, Missing> {
    match target.outcome {
        Outcome::Found { start, end } => {
            let raw = scanner.slice(start, end);
            let inner = raw
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
                .filter(|_| target.path.is_bare());
            Ok(Cow::Borrowed(inner.unwrap_or(raw)))
        }
        Outcome::Collected => Ok(Cow::Owned(target.collected)),
        Outcome::Missing { segment, start } => Err(missing::explain(
            target.path,
            segment,
            scanner.text(),
            start,
        )),
    }
}

/// One target, or one of its tests, that goes on inside a frame.
#[derive(Debug, Clone, Copy)]
struct Entry<'p> {
    target: usize,
    test: Option<Asked<'p>>,
    /// The child it waits for, where it waits for one.
    name: Option<&'p str>,
    /// In an array: its element has been found.
    taken: bool,
}

/// A test that is being answered for an element.
#[derive(Debug, Clone, Copy)]
struct Asked<'p> {
    test: &'p Test,
    /// How many frames are around the element.
    depth: usize,
}

impl<'p> Entry<'p> {
    fn of_target(target: usize) -> Self {
        Self {
            target,
            test: None,
            name: None,
            taken: false,
        }
    }

    fn of_test(target: usize, test: &'p Test, depth: usize) -> Self {
        Self {
            test: Some(Asked { test, depth }),
            ..Self::of_target(target)
        }
    }
}

/// An object or array that the walk is inside of.
#[derive(Debug, Clone, Copy)]
struct Frame {
    phase: Phase,
    /// Where it begins in the body.
    start: usize,
    /// Its entries are those from here
    from: usize,
    /// to here; those of a value in it come behind.
    to: usize,
    /// Of the element that comes next.
    index: u64,
    /// Where the present element begins; behind the array, where it ends.
    mark: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Behind the opening brace
    ObjectStart,
    /// or behind a member.
    Member,
    /// Behind the opening bracket,
    ArrayStart,
    /// behind an element that some entry looked at,
    Element,
    /// behind one that passed its tests and was looked at again,
    SecondLook,
    /// behind one that is done with;
    Between,
    /// behind the closing bracket, looking again at elements counted from there.
    FromEnd,
}

struct Walk<'p, 'a, 's> {
    scanner: &'s mut Scanner<'a>,
    targets: Vec<Target<'p>>,
    entries: Vec<Entry<'p>>,
    frames: Vec<Frame>,
}

impl Walk<'_, '_, '_> {
    fn run(&mut self) -> Result<(), Fault> {
        self.entries
            .extend((0..self.targets.len()).map(Entry::of_target));
        self.value(0)?;
        while let Some(frame) = self.frames.last().copied() {
            match frame.phase {
                Phase::ObjectStart | Phase::Member => self.object(frame)?,
                _ => self.array(frame)?,
            }
        }
        Ok(())
    }

    /// Goes to the value here, which the entries from `from` on are about. Returns
    /// whether it is open as a frame now; otherwise it is behind the walk.
    fn value(&mut self, from: usize) -> Result<bool, Fault> {
        let start = self.scanner.position();
        let kind = self.scanner.kind()?;
        let depth = self.frames.len();
        let mut goes_on = false;
        for entry in self.entries.iter_mut().skip(from) {
            if let Some(target) = self.targets.get_mut(entry.target) {
                goes_on |= arrive(target, entry, kind, start, depth);
            }
        }
        if !goes_on {
            self.scanner.skip_value(depth)?;
            let end = self.scanner.position();
            self.settle(from, self.entries.len(), start, end);
            self.entries.truncate(from);
            return Ok(false);
        }
        self.scanner.check_depth(depth + 1)?;
        self.scanner.advance();
        self.frames.push(Frame {
            phase: if kind == Kind::Object {
                Phase::ObjectStart
            } else {
                Phase::ArrayStart
            },
            start,
            from,
            to: self.entries.len(),
            index: 0,
            mark: start,
        });
        Ok(true)
    }

    /// Gives the value from `start` to `end` to the entries that end with it.
    fn settle(&mut self, from: usize, to: usize, start: usize, end: usize) {
        let depth = self.frames.len();
        for entry in self.entries.get(from..to).unwrap_or_default() {
            let Some(target) = self.targets.get_mut(entry.target) else {
                continue;
            };
            match entry.test {
                Some(asked) if asked.depth + asked.test.property.len() == depth => {
                    let passes = asked.test.passes(self.scanner.slice(start, end));
                    target.answer(asked.test, passes);
                }
                None if target.segments().len() == depth => {
                    target.outcome = Outcome::Found { start, end };
                }
                _ => {}
            }
        }
    }

    /// Closes the innermost frame, whose value ends here.
    fn close(&mut self, frame: Frame) {
        let end = self.scanner.position();
        self.frames.pop();
        self.settle(frame.from, frame.to, frame.start, end);
        self.entries.truncate(frame.from);
    }

    fn set_phase(&mut self, phase: Phase) {
        if let Some(frame) = self.frames.last_mut() {
            frame.phase = phase;
        }
    }

    /// Goes on in an object until it ends or something in it becomes a frame.
    fn object(&mut self, frame: Frame) -> Result<(), Fault> {
        let depth = self.frames.len();
        let mut first = frame.phase == Phase::ObjectStart;
        self.set_phase(Phase::Member);
        loop {
            self.scanner.white_space();
            match self.scanner.peek() {
                Some(b'}') => {
                    self.scanner.advance();
                    self.close(frame);
                    return Ok(());
                }
                Some(b',') if !first => {
                    self.scanner.advance();
                    self.scanner.white_space();
                }
                _ if first => {}
                _ => return Err(self.scanner.fault(Expected::CommaOrBrace)),
            }
            let key = self.scanner.key(if first {
                Expected::KeyOrBrace
            } else {
                Expected::Key
            })?;
            first = false;
            for index in frame.from..frame.to {
                if let Some(entry) = self.entries.get(index).copied()
                    && entry.name.is_some_and(|name| key.is(name))
                {
                    self.entries.push(entry);
                }
            }
            if self.entries.len() == frame.to {
                self.scanner.skip_value(depth)?;
            } else if self.value(frame.to)? {
                return Ok(());
            }
        }
    }

    /// Goes on in an array until it ends or something in it becomes a frame.
    fn array(&mut self, mut frame: Frame) -> Result<(), Fault> {
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

    fn put(&mut self, frame: Frame) {
        if let Some(last) = self.frames.last_mut() {
            *last = frame;
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
            match target.segments().get(depth - 1) {
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
            let segments = target.segments();
            match segments.get(depth - 1) {
                Some(Segment::First(tests)) if !entry.taken && target.passed(tests) => {
                    entry.taken = true;
                }
                Some(Segment::Each(tests)) if !tests.is_empty() && target.passed(tests) => {
                    target.begin_element();
                }
                _ => continue,
            }
            if segments.len() == depth {
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
                && let Some(Segment::Each(tests)) = target.segments().get(depth - 1)
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
                && let Some(Segment::Each(_)) = target.segments().get(depth - 1)
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
            if let Some(Segment::FromEnd(count)) = target.segments().get(depth - 1)
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

/// Notes that an entry's target or test has come to a value. Returns whether it goes
/// on inside.
fn arrive<'p>(
    target: &mut Target<'p>,
    entry: &mut Entry<'p>,
    kind: Kind,
    start: usize,
    depth: usize,
) -> bool {
    entry.name = None;
    entry.taken = false;
    if let Some(asked) = entry.test {
        // Of equal keys the last counts, so an earlier answer is void.
        target.answer(asked.test, false);
        let names = asked.test.property.get(depth - asked.depth);
        entry.name = names.map(AsRef::as_ref).filter(|_| kind == Kind::Object);
        return entry.name.is_some();
    }
    let Some(segment) = target.segments().get(depth) else {
        return false;
    };
    target.outcome = Outcome::Missing {
        segment: depth,
        start,
    };
    match (segment, kind) {
        (Segment::Child(name), Kind::Object) => entry.name = Some(name),
        (Segment::Child(_), _) => return false,
        (Segment::Each(_), Kind::Array) => target.begin_collection(),
        (Segment::FromEnd(_), Kind::Array) => target.forget(),
        (_, Kind::Array) => {}
        _ => return false,
    }
    true
}
