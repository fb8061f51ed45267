//! `strftime_now` for templates that tell the model the date.

use std::time::{SystemTime, UNIX_EPOCH};

use minijinja::{Error, ErrorKind};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// `now` in UTC, by the directives of C's `strftime` that chat templates use.
pub(super) fn strftime(format: &str, now: SystemTime) -> Result<String, Error> {
    let moment = Moment::of(now);
    let mut out = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c == '%' {
            let directive = rest.next();
            let shown = directive.and_then(|directive| moment.shown(directive));
            out.push_str(&shown.ok_or_else(|| unknown(directive))?);
        } else {
            out.push(c);
        }
    }
    Ok(out)
}

fn unknown(directive: Option<char>) -> Error {
    let directive = directive.map(String::from).unwrap_or_default();
    let message = format!("strftime_now: %{directive} is not known");
    Error::new(ErrorKind::InvalidOperation, message)
}

/// A moment of UTC, taken apart.
struct Moment {
    year: u64,
    /// 1 to 12.
    month: u64,
    /// 1 to 31.
    day: u64,
    weekday: &'static str,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Moment {
    fn of(time: SystemTime) -> Self {
        let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let days = seconds / 86_400;
        let (year, month, day) = date(days);
        Self {
            year,
            month,
            day,
            weekday: DAYS[(days % 7) as usize],
            hour: seconds / 3600 % 24,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }

    /// What the letter after `%` stands for.
    fn shown(&self, directive: char) -> Option<String> {
        let Self { year, month, day, weekday, hour, minute, second } = self;
        let month_name = MONTHS[*month as usize - 1];
        Some(match directive {
            'Y' => year.to_string(),
            'y' => format!("{:02}", year % 100),
            'm' => format!("{month:02}"),
            'B' => month_name.to_owned(),
            'b' | 'h' => month_name[..3].to_owned(),
            'd' => format!("{day:02}"),
            'e' => format!("{day:2}"),
            'A' => (*weekday).to_owned(),
            'a' => weekday[..3].to_owned(),
            'H' => format!("{hour:02}"),
            'I' => format!("{:02}", (hour + 11) % 12 + 1),
            'p' => (if *hour < 12 { "AM" } else { "PM" }).to_owned(),
            'M' => format!("{minute:02}"),
            'S' => format!("{second:02}"),
            'F' => format!("{year}-{month:02}-{day:02}"),
            'T' => format!("{hour:02}:{minute:02}:{second:02}"),
            'Z' => "UTC".to_owned(),
            'z' => "+0000".to_owned(),
            '%' => "%".to_owned(),
            _ => return None,
        })
    }
}

/// Year, month and day of the Gregorian calendar, `days` after 1970-01-01: whole eras of 400 years, then years that
/// begin in March so that the leap day comes last.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468; // from 0000-03-01
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64, format: &str) -> String {
        strftime(format, UNIX_EPOCH + Duration::from_secs(seconds)).expect("known directives")
    }

    #[test]
    fn dates_known_by_heart() {
        assert_eq!(at(0, "%A %d %B %Y, %T"), "Thursday 01 January 1970, 00:00:00");
        assert_eq!(at(951_782_400, "%d %b %Y"), "29 Feb 2000");
        assert_eq!(at(1_000_000_000, "%Y-%m-%d %H:%M:%S %Z"), "2001-09-09 01:46:40 UTC");
        assert_eq!(at(4_107_542_400, "%F %a"), "2100-03-01 Mon");
        assert_eq!(at(13 * 3600, "%I %p %e%%"), "01 PM  1%");
    }

    #[test]
    fn unknown_directives_are_reported() {
        let error = strftime("%Q", UNIX_EPOCH).expect_err("no such directive");
        assert!(error.to_string().contains("%Q is not known"), "{error}");
        assert!(strftime("100%", UNIX_EPOCH).is_err());
    }
}
