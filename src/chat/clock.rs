//! The local time, for templates that tell the model the date.

use std::time::SystemTime;

use jiff::{
    Timestamp, ZonedDateTime,
    fmt::strtime::{BrokenDownTime, Config, PosixCustom},
    tz::TimeZone,
};
use minijinja::{Error, ErrorKind};

/// The longest text that C's `strftime` may write in llama.cpp, which gives it 100 bytes.
const MAX_TEXT: usize = 99;

/// `now` in this machine's time zone; the epoch for a time that no calendar holds.
pub(super) fn local(now: SystemTime) -> ZonedDateTime {
    Timestamp::try_from(now).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned_datetime(TimeZone::system())
}

/// `strftime_now` of a template: `now` by the directives of C's `strftime`, in English; a directive that is not known
/// stays as it is written, as the C library has it.
pub(super) fn strftime(format: &str, now: &ZonedDateTime) -> Result<String, Error> {
    let text = formatted(format, now)
        .map_err(|error| wrong(format!("strftime_now: {format:?} cannot be formatted: {error}")))?;
    if text.is_empty() || text.len() > MAX_TEXT {
        return Err(wrong(format!(
            "strftime_now: {format:?} gives no text, or one of more than {MAX_TEXT} bytes"
        )));
    }
    Ok(text)
}

/// A date in a format that is known to be right.
pub(super) fn date(format: &str, now: &ZonedDateTime) -> String {
    formatted(format, now).unwrap_or_default()
}

fn formatted(format: &str, now: &ZonedDateTime) -> Result<String, jiff::Error> {
    let config = Config::new().custom(PosixCustom::new()).lenient(true);
    BrokenDownTime::from(now).to_string_with_config(&config, format)
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::Offset;

    use super::*;

    fn at(seconds: i64, format: &str) -> String {
        let zone = TimeZone::fixed(Offset::constant(2));
        let now = Timestamp::from_second(seconds).expect("in range").to_zoned_datetime(zone);
        strftime(format, &now).expect("a format that works")
    }

    #[test]
    fn dates_known_by_heart() {
        assert_eq!(at(0, "%A %d %B %Y, %T"), "Thursday 01 January 1970, 02:00:00");
        assert_eq!(at(951_782_400, "%d %b %Y"), "29 Feb 2000");
        assert_eq!(at(4_107_542_400, "%F %a"), "2100-03-01 Mon");
        assert_eq!(at(13 * 3600, "%I %p %e%%"), "03 PM  1%");
    }

    #[test]
    fn what_templates_of_real_models_ask_for() {
        assert_eq!(at(1_000_000_000, "%-d %j %U %y %H:%M %z"), "9 252 36 01 03:46 +0200");
        assert_eq!(at(1_000_000_000, "%c"), "Sun Sep  9 03:46:40 2001");
        assert_eq!(at(0, "%-m/%-d, %-I %P"), "1/1, 2 am");
    }

    #[test]
    fn unknown_directives_stay_and_endless_texts_are_refused() {
        assert_eq!(at(0, "100% %! %Y"), "100% %! 1970");
        let now = local(SystemTime::UNIX_EPOCH + Duration::from_hours(1));
        assert!(strftime("", &now).is_err());
        assert!(strftime(&"%A".repeat(40), &now).is_err());
    }
}
