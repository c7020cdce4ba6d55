//! Distinct users per minute of a file of JSON lines, on sonic-rs: `sonic-rs-peer struct|get-many|get-many-unchecked FILE`.
//! Prints one JSON object, from the minute (Unix time in seconds) to its users.
//!
//! struct decodes each line into {uid, ts}, which validates all of it. get-many stops behind the second of the two
//! values (checked: validates up to there; unchecked: skips without validating), so neither sees a damaged tail.
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::env;
use std::fs::File;
use std::io::Read;
use std::process::exit;

use foldhash::fast::RandomState;
use memchr::memchr_iter;
use serde::Deserialize;
use sonic_rs::{pointer, JsonValueTrait, LazyValue, PointerTree};

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    uid: Cow<'a, str>,
    ts: u64,
}

/// Users of each minute. The last minute is at hand, since frames come nearly in order.
#[derive(Default)]
struct Minutes {
    closed: BTreeMap<u64, HashSet<Box<str>, RandomState>>,
    minute: u64,
    users: HashSet<Box<str>, RandomState>,
}

impl Minutes {
    fn add(&mut self, uid: &str, ts: u64) {
        let minute = ts - ts % 60;
        if minute != self.minute {
            let next = self.closed.remove(&minute).unwrap_or_default();
            let last = std::mem::replace(&mut self.users, next);
            if !last.is_empty() {
                self.closed.insert(self.minute, last);
            }
            self.minute = minute;
        }
        // Most users of a minute are seen again: only new ones are copied.
        if !self.users.contains(uid) {
            self.users.insert(uid.into());
        }
    }

    fn print(mut self) {
        if !self.users.is_empty() {
            self.closed.insert(self.minute, self.users);
        }
        let counts: Vec<String> =
            self.closed.iter().map(|(minute, users)| format!("\"{minute}\":{}", users.len())).collect();
        println!("{{{}}}", counts.join(","));
    }
}

/// Calls `each` with every line. Reads of 1 MiB into one buffer that stays in the cache; a cut line moves to its front.
fn for_each_line(path: &str, mut each: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 2 << 20];
    let mut kept = 0;
    loop {
        if kept > 1 << 20 {
            buffer.resize(kept + (1 << 20), 0);
        }
        let read = file.read(&mut buffer[kept..kept + (1 << 20)])?;
        let end = kept + read;
        let mut from = 0;
        for at in memchr_iter(b'\n', &buffer[kept..end]) {
            let at = kept + at;
            each(&buffer[from..at]);
            from = at + 1;
        }
        if read == 0 {
            if from < end {
                each(&buffer[from..end]);
            }
            return Ok(());
        }
        buffer.copy_within(from..end, 0);
        kept = end - from;
    }
}

fn add_found(minutes: &mut Minutes, found: &[Option<LazyValue>]) {
    let (Some(uid), Some(ts)) = (&found[0], &found[1]) else {
        return;
    };
    let Some(ts) = ts.as_raw_str().parse().ok() else {
        return;
    };
    let raw = uid.as_raw_str();
    // An escape has to be decoded; without one the text between the quotes is the value.
    match raw.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(text) if !text.contains('\\') => minutes.add(text, ts),
        _ => {
            if let Some(text) = uid.as_str() {
                minutes.add(text, ts)
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = env::args().collect();
    let [_, mode, path] = args.as_slice() else {
        eprintln!("usage: sonic-rs-peer struct|get-many|get-many-unchecked FILE");
        exit(64);
    };
    let mut wanted = PointerTree::new();
    wanted.add_path(pointer!["uid"].iter());
    wanted.add_path(pointer!["ts"].iter());
    let mut minutes = Minutes::default();
    match mode.as_str() {
        "struct" => for_each_line(path, |line| {
            if let Ok(Frame { uid, ts }) = sonic_rs::from_slice::<Frame>(line) {
                minutes.add(&uid, ts);
            }
        })?,
        "get-many" => for_each_line(path, |line| {
            if let Ok(found) = sonic_rs::get_many(line, &wanted) {
                add_found(&mut minutes, &found);
            }
        })?,
        "get-many-unchecked" => for_each_line(path, |line| {
            // Safety: the input is trusted to be JSON in UTF-8, which is what this mode measures.
            if let Ok(found) = unsafe { sonic_rs::get_many_unchecked(line, &wanted) } {
                add_found(&mut minutes, &found);
            }
        })?,
        _ => exit(64),
    }
    minutes.print();
    Ok(())
}
