//! How much memory a model can have here.

use std::fs;

/// Bytes that programs can have without swapping: what the kernel calls available, and no more than the group of processes
/// may still take (a container's limit). None where the system does not say: on others than Linux.
#[must_use]
pub fn free_memory() -> Option<u64> {
    let available = available(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let group = group_free(|file| fs::read_to_string(format!("/sys/fs/cgroup/{file}")).ok());
    Some(group.map_or(available, |group| group.min(available)))
}

/// `MemAvailable` of `/proc/meminfo`, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// What a control group (version 2) leaves: its limit less what is taken, of which cached files do not count.
fn group_free(read: impl Fn(&str) -> Option<String>) -> Option<u64> {
    let number = |file: &str| read(file)?.trim().parse::<u64>().ok();
    let taken = number("memory.current")?;
    let stat = read("memory.stat").unwrap_or_default();
    let cached: u64 =
        stat.lines().find_map(|line| line.strip_prefix("inactive_file ")?.trim().parse().ok()).unwrap_or(0);
    Some(number("memory.max")?.saturating_sub(taken.saturating_sub(cached)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_says() {
        let meminfo = "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:    8000000 kB\n";
        assert_eq!(available(meminfo), Some(8_192_000_000));
        assert_eq!(available("MemTotal: 1 kB\n"), None);
        assert_eq!(available("MemAvailable: lots kB\n"), None);
    }

    #[test]
    fn a_containers_limit_counts() {
        let group = |max: &'static str| {
            move |file: &str| {
                Some(match file {
                    "memory.max" => max.to_owned(),
                    "memory.current" => "700\n".to_owned(),
                    _ => "anon 1\ninactive_file 200\n".to_owned(),
                })
            }
        };
        assert_eq!(group_free(group("1000\n")), Some(500));
        assert_eq!(group_free(group("max\n")), None, "no limit");
        assert_eq!(group_free(|_| None), None);
    }
}
