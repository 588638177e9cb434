//! Who a request comes from, where proxies stand in between.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use actix_web::http::header::{self, HeaderMap};
use ipnet::IpNet;

/// Proxies whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedProxies(Vec<IpNet>);

/// A text that names no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected addresses or networks, as in `10.0.0.7` or `10.0.0.0/8`")]
pub(crate) struct TrustedProxyError;

impl TrustedProxies {
    /// Proxies at these addresses and in these networks.
    pub(crate) fn parse(texts: &[String]) -> Result<Self, TrustedProxyError> {
        let network = |text: &String| {
            let address = IpAddr::from_str(text).map(IpNet::from);
            address.or_else(|_| text.parse()).map_err(|_| TrustedProxyError)
        };
        texts.iter().map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether `address` is one of the proxies.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The peer behind the proxy that sent `headers`: the last address in `X-Forwarded-For` that is
    /// no trusted proxy. What stands before it was written by that peer and proves nothing. `None`
    /// if the proxies name nobody.
    pub(super) fn forwarded(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let lines: Vec<_> = headers.get_all(header::X_FORWARDED_FOR).collect();
        let hops = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        for hop in hops {
            // A hop that is no address hides those before it.
            let address = std::str::from_utf8(hop).ok().and_then(|hop| address(hop.trim()))?;
            if !self.contains(address) {
                return Some(address);
            }
        }
        None
    }
}

/// An address as proxies write it, some with the port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    let address: IpAddr = text.parse().or_else(|_| with_port()).ok()?;
    Some(address.to_canonical())
}

/// What counts as one peer: an IPv4 address, or the network of 64 bits that one customer gets.
pub(super) fn group(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            Ipv6Addr::from(network).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn proxies(texts: &[&str]) -> Result<TrustedProxies, TrustedProxyError> {
        let texts: Vec<_> = texts.iter().map(ToString::to_string).collect();
        TrustedProxies::parse(&texts)
    }

    #[test]
    fn the_last_untrusted_address_is_the_peer() {
        let proxies = proxies(&["10.0.0.0/8", "192.0.2.7", "fd00::/8"]).unwrap();
        for (lines, peer) in [
            (&["198.51.100.1"][..], Some("198.51.100.1")),
            (&["203.0.113.9, 198.51.100.1"], Some("198.51.100.1")),
            (&["198.51.100.1, 10.1.2.3,192.0.2.7"], Some("198.51.100.1")),
            (&["203.0.113.9", "198.51.100.1", "fd00::1"], Some("198.51.100.1")),
            (&["198.51.100.1:4711"], Some("198.51.100.1")),
            (&["[2001:db8::1]:4711"], Some("2001:db8::1")),
            (&["::ffff:198.51.100.1"], Some("198.51.100.1")),
            // What can't be read hides the rest: nothing before it is proven.
            (&["198.51.100.1, unknown"], None),
            (&["198.51.100.1, "], None),
            (&["10.1.2.3"], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::X_FORWARDED_FOR, HeaderValue::from_static(line));
            }
            let expected = peer.map(|peer| peer.parse().unwrap());
            assert_eq!(proxies.forwarded(&headers), expected, "{lines:?}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0.0/8/8", "*"] {
            assert_eq!(proxies(&[text]).err(), Some(TrustedProxyError), "{text}");
        }
    }

    #[test]
    fn a_customer_of_ipv6_is_one_peer() {
        let group = |text: &str| group(text.parse().unwrap()).to_string();
        assert_eq!(group("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(group("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(group("192.0.2.1"), "192.0.2.1");
    }
}
