//! What a process uses of the machine, out of `/proc`.

use std::{fs, io, time::Duration};

use rustix::param::clock_ticks_per_second;

/// What a process has used so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Time of all its threads on the processors, in user space and in the kernel.
    pub cpu: Duration,
    /// The same of children that have ended.
    pub cpu_of_children: Duration,
    /// Bytes of memory it has now.
    pub resident: u64,
    /// Bytes of memory it had at most.
    pub peak: u64,
    /// The process that started it.
    pub parent: u32,
}

impl Usage {
    /// The usage of the process `id`.
    pub fn of(id: u32) -> io::Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The name before may hold anything, a parenthesis too.
        let (_, fields) = stat.rsplit_once(") ").ok_or(io::ErrorKind::InvalidData)?;
        let fields: Vec<u64> = fields.split(' ').map(|field| field.parse().unwrap_or(0)).collect();
        let field = |number: usize| fields.get(number - 3).copied().unwrap_or(0);
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let kibibytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.parse().ok());
            number.unwrap_or(0_u64) * 1024
        };
        Ok(Self {
            cpu: ticks(field(14) + field(15)),
            cpu_of_children: ticks(field(16) + field(17)),
            resident: kibibytes("VmRSS:"),
            peak: kibibytes("VmHWM:"),
            parent: u32::try_from(field(4)).unwrap_or(0),
        })
    }

    /// The usage of this process.
    pub fn own() -> io::Result<Self> {
        Self::of(std::process::id())
    }

    /// Processor time of the process `id` and of all that it has started.
    pub fn cpu_of_family(id: u32) -> io::Result<Duration> {
        let head = Self::of(id)?;
        let mut cpu = head.cpu + head.cpu_of_children;
        for entry in fs::read_dir("/proc")? {
            let Some(member) = entry?.file_name().to_str().and_then(|name| name.parse().ok())
            else {
                continue;
            };
            // Whoever has ended meanwhile is counted with the head.
            if let Ok(usage) = Self::of(member)
                && usage.parent == id
            {
                cpu += usage.cpu + usage.cpu_of_children;
            }
        }
        Ok(cpu)
    }
}

/// A number of ticks of the system's clock as time.
pub(crate) fn ticks(count: u64) -> Duration {
    let second = u32::try_from(clock_ticks_per_second()).expect("a second has few ticks");
    Duration::from_secs(count) / second
}
