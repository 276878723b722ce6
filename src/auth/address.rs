//! Addresses from which a machine may come: single ones and ranges in CIDR notation (RFC 4632, RFC 4291).

use std::net::IpAddr;

/// The form of an address or range, for the document: digits, hexadecimal digits, points, colons and one slash.
pub const PATTERN: &str = "^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$";

/// One address, or all that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    first: IpAddr,
    bits: u32,
}

impl AddressRange {
    /// Reads `10.0.0.0/8`, `2001:db8::/32` or a single address; `None` if it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let first: IpAddr = address.parse().ok()?;
        let width = if first.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => width,
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok().filter(|b| *b <= width)?,
            Some(_) => return None,
        };
        Some(Self { first, bits })
    }

    /// Whether an address lies in it. An IPv4 address that arrived over an IPv6 socket is the same address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => alike(a.to_bits().into(), b.to_bits().into(), 32, self.bits),
            (IpAddr::V6(a), IpAddr::V6(b)) => alike(a.to_bits(), b.to_bits(), 128, self.bits),
            _ => false,
        }
    }
}

fn alike(a: u128, b: u128, width: u32, bits: u32) -> bool {
    // Shifting by the whole width would overflow: no bits at all means every address.
    bits == 0 || (a ^ b) >> (width - bits) == 0
}

/// Whether an address is among those allowed; no list allows every address.
#[must_use]
pub fn allowed(list: &[String], address: &str) -> bool {
    let Ok(address) = address.parse::<IpAddr>() else { return list.is_empty() };
    list.is_empty() || list.iter().filter_map(|text| AddressRange::parse(text)).any(|range| range.contains(address))
}

/// What counts as one address where requests are counted: of IPv6 the network of 64 bits, of which whoever has one
/// address has all.
#[must_use]
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|a| a.to_canonical()) {
        Ok(IpAddr::V6(v6)) => std::net::Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).to_string(),
        Ok(v4) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// From where a request comes: the address at the other end of the connection, or, if that is a trusted proxy, the last
/// address in `X-Forwarded-For` that is none. What stands before that the client may have written itself.
#[must_use]
pub fn origin<'a>(peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>, trusted: &[AddressRange]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    let mut origin = peer.to_canonical();
    for hop in forwarded.rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(origin) {
            break;
        }
        let Some(address) = hop_address(hop.trim()) else { break };
        origin = address.to_canonical();
    }
    origin
}

/// Some proxies write the port as well.
fn hop_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|a| a.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_begins_alike() {
        for (range, address, holds) in [
            ("10.1.0.0/16", "10.1.255.3", true),
            ("10.1.0.0/16", "10.2.0.0", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "::ffff:192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::1", "::1", true),
        ] {
            assert_eq!(allowed(&[range.to_owned()], address), holds, "{range} {address}");
        }
        assert!(allowed(&[], "192.0.2.7"));
        assert!(!allowed(&["192.0.2.7".to_owned()], ""));
    }

    #[test]
    fn a_forwarded_address_is_believed_from_trusted_proxies_only() {
        let trusted: Vec<_> = ["10.0.0.0/8", "127.0.0.1"].iter().filter_map(|t| AddressRange::parse(t)).collect();
        for (peer, lines, want) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("127.0.0.1", &["1.2.3.4, 198.51.100.1 , 10.1.1.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.2.3.4", "198.51.100.1", "10.1.1.1"], "198.51.100.1"),
            ("127.0.0.1", &["10.2.2.2, 10.1.1.1"], "10.2.2.2"),
            ("127.0.0.1", &["1.2.3.4, unknown, 10.1.1.1"], "10.1.1.1"),
            ("127.0.0.1", &["[2001:db8::7]:443"], "2001:db8::7"),
            ("127.0.0.1", &["[2001:db8::7]"], "2001:db8::7"),
            ("127.0.0.1", &[""], "127.0.0.1"),
        ] {
            assert_eq!(origin(peer.parse().unwrap(), lines.iter().copied(), &trusted).to_string(), want, "{peer} {lines:?}");
        }
        assert_eq!(origin("127.0.0.1".parse().unwrap(), ["1.2.3.4"].into_iter(), &[]).to_string(), "127.0.0.1");
    }

    #[test]
    fn neighbours_in_one_network_count_as_one() {
        assert_eq!(network("2001:db8:1:2:3::4"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network(""), "");
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "ward.example", "10.0.0", "10.0.0.0/8/8"] {
            assert_eq!(AddressRange::parse(text), None, "{text}");
        }
    }
}
