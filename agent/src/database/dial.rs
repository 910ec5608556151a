//! Connecting, host after host as libpq does, through a socket that is watched.

use std::{
    future::poll_fn,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use rand::seq::SliceRandom as _;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::{
    CancelToken, Client, Config, Connection, SimpleQueryMessage,
    config::{Host, LoadBalanceHosts, TargetSessionAttrs},
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{DatabaseError, watched::Watched};

const PORT: u16 = 5432;

/// A connection that somebody has to serve.
pub struct Dialed {
    /// Through which statements go.
    pub client: Client,
    /// Through which answers and notifications come, as long as it is polled.
    pub connection: Connection<Watched, <MakeRustlsConnect as MakeTlsConnect<Watched>>::Stream>,
    pub(super) address: Address,
}

/// One server.
#[derive(Debug, Clone)]
pub(super) enum Address {
    Socket(PathBuf),
    Tcp { name: String, address: SocketAddr },
}

/// Connects to the first server that can be reached and is of the kind asked for (`target_session_attrs`).
pub(super) async fn dial(
    config: &Config,
    tls: &MakeRustlsConnect,
    silence: Option<Duration>,
) -> Result<Dialed, DatabaseError> {
    let mut servers = servers(config);
    if config.get_load_balance_hosts() == LoadBalanceHosts::Random {
        servers.shuffle(&mut rand::rng());
    }
    let mut reason = DatabaseError::unreachable("database.url names no host".to_owned());
    for (host, port) in servers {
        match within(config, addresses(&host, port)).await {
            Err(error) => reason = error,
            Ok(addresses) => {
                for address in addresses {
                    match within(config, attempt(config, tls, silence, &address)).await {
                        Ok(dialed) => return Ok(dialed),
                        Err(error) => reason = error,
                    }
                }
            }
        }
    }
    Err(reason)
}

/// Asks the server at `address` to give up what it does for the holder of `token`.
pub(super) async fn cancel(address: &Address, token: CancelToken, tls: MakeRustlsConnect) {
    let cancelled = async {
        let socket = Watched::new(connect(address, None).await?, None);
        let tls = secured(tls, address)?;
        Ok::<_, DatabaseError>(token.cancel_query_raw(socket, tls).await?)
    };
    if let Err(error) = cancelled.await {
        tracing::debug!(%error, "the statement could not be cancelled either");
    }
}

async fn within<T>(
    config: &Config,
    attempt: impl Future<Output = Result<T, DatabaseError>>,
) -> Result<T, DatabaseError> {
    let Some(limit) = config.get_connect_timeout() else {
        return attempt.await;
    };
    let late =
        |_| DatabaseError::unreachable("the server does not answer (connect_timeout)".into());
    tokio::time::timeout(*limit, attempt).await.map_err(late)?
}

/// Hosts with their ports; a host whose address is given as well is not looked up.
fn servers(config: &Config) -> Vec<(Host, u16)> {
    let (hosts, given, ports) = (
        config.get_hosts(),
        config.get_hostaddrs(),
        config.get_ports(),
    );
    (0..hosts.len().max(given.len()))
        .filter_map(|place| {
            let port = ports.get(place).or(ports.first()).copied().unwrap_or(PORT);
            let host = match given.get(place) {
                Some(address) => Host::Tcp(address.to_string()),
                None => hosts.get(place)?.clone(),
            };
            Some((host, port))
        })
        .collect()
}

async fn addresses(host: &Host, port: u16) -> Result<Vec<Address>, DatabaseError> {
    let name = match host {
        Host::Unix(folder) => {
            return Ok(vec![Address::Socket(
                folder.join(format!(".s.PGSQL.{port}")),
            )]);
        }
        Host::Tcp(name) => name,
    };
    let unknown = |error: std::io::Error| {
        DatabaseError::unreachable(format!("host {name} cannot be looked up: {error}"))
    };
    let found = match name.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => tokio::net::lookup_host((name.as_str(), port))
            .await
            .map_err(unknown)?
            .collect(),
    };
    let named = |address| Address::Tcp {
        name: name.clone(),
        address,
    };
    Ok(found.into_iter().map(named).collect())
}

async fn attempt(
    config: &Config,
    tls: &MakeRustlsConnect,
    silence: Option<Duration>,
    address: &Address,
) -> Result<Dialed, DatabaseError> {
    let socket = Watched::new(connect(address, Some(config)).await?, silence);
    let tls = secured(tls.clone(), address)?;
    let (client, connection) = config.connect_raw(socket, tls).await?;
    let mut dialed = Dialed {
        client,
        connection,
        address: address.clone(),
    };
    suits(&mut dialed, config.get_target_session_attrs()).await?;
    Ok(dialed)
}

async fn connect(
    address: &Address,
    config: Option<&Config>,
) -> Result<Box<dyn super::watched::Stream>, DatabaseError> {
    let refused = |error: std::io::Error| {
        let place = match address {
            Address::Socket(path) => path.display().to_string(),
            Address::Tcp { name, address } => format!("{name} ({address})"),
        };
        DatabaseError::unreachable(format!("cannot connect to {place}: {error}"))
    };
    match address {
        Address::Socket(path) => {
            let stream = UnixStream::connect(path).await.map_err(refused)?;
            Ok(Box::new(stream))
        }
        Address::Tcp { address, .. } => {
            let stream = TcpStream::connect(address).await.map_err(refused)?;
            prepare(&stream, config).map_err(refused)?;
            Ok(Box::new(stream))
        }
    }
}

fn prepare(stream: &TcpStream, config: Option<&Config>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let Some(config) = config else { return Ok(()) };
    let socket = SockRef::from(stream);
    socket.set_tcp_user_timeout(config.get_tcp_user_timeout().copied())?;
    if config.get_keepalives() {
        let mut keepalive = TcpKeepalive::new().with_time(config.get_keepalives_idle());
        if let Some(interval) = config.get_keepalives_interval() {
            keepalive = keepalive.with_interval(interval);
        }
        if let Some(retries) = config.get_keepalives_retries() {
            keepalive = keepalive.with_retries(retries);
        }
        socket.set_tcp_keepalive(&keepalive)?;
    }
    Ok(())
}

/// TLS for the name that the certificate has to be for. On a Unix socket the server takes none, whatever the name.
fn secured(
    mut tls: MakeRustlsConnect,
    address: &Address,
) -> Result<<MakeRustlsConnect as MakeTlsConnect<Watched>>::TlsConnect, DatabaseError> {
    let name = match address {
        Address::Socket(_) => "localhost",
        Address::Tcp { name, .. } => name,
    };
    let useless = |error| DatabaseError::unreachable(format!("no TLS to {name}: {error}"));
    MakeTlsConnect::<Watched>::make_tls_connect(&mut tls, name).map_err(useless)
}

/// Whether the server takes writes, or none, as `wanted`.
async fn suits(dialed: &mut Dialed, wanted: TargetSessionAttrs) -> Result<(), DatabaseError> {
    let read_only = match wanted {
        TargetSessionAttrs::ReadWrite => "off",
        TargetSessionAttrs::ReadOnly => "on",
        _ => return Ok(()),
    };
    let asked = dialed.client.simple_query("SHOW transaction_read_only");
    tokio::pin!(asked);
    let rows = loop {
        tokio::select! {
            rows = &mut asked => break rows?,
            message = poll_fn(|context| dialed.connection.poll_message(context)) => {
                if let Some(message) = message {
                    message?;
                }
            }
        }
    };
    let says = rows.iter().find_map(|row| match row {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    if says == Some(read_only) {
        return Ok(());
    }
    Err(DatabaseError::unreachable(format!(
        "{:?} is not the kind of server that target_session_attrs asks for",
        dialed.address
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;

    fn database(url: &str) -> Database {
        Database::new(Some(&url.into()), |_| None).unwrap()
    }

    #[test]
    fn each_host_has_its_port_and_an_address_spares_the_look_up() {
        let servers = |url| servers(&database(url).config);
        let tcp = |name: &str| Host::Tcp(name.to_owned());
        assert_eq!(servers("host=a,b port=1,2"), [(tcp("a"), 1), (tcp("b"), 2)]);
        assert_eq!(servers("host=a,b"), [(tcp("a"), PORT), (tcp("b"), PORT)]);
        assert_eq!(servers("host=a,b port=7"), [(tcp("a"), 7), (tcp("b"), 7)]);
        assert_eq!(
            servers("host=a hostaddr=192.0.2.1"),
            [(tcp("192.0.2.1"), PORT)]
        );
    }

    #[tokio::test]
    async fn the_kernel_gives_up_a_peer_that_has_vanished_within_fifteen_seconds() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let options = async |url: &str| {
            let stream = TcpStream::connect(address).await.unwrap();
            prepare(&stream, Some(&database(url).config)).unwrap();
            let socket = SockRef::from(&stream);
            let idle = socket.tcp_keepalive_time().unwrap();
            let probing =
                socket.tcp_keepalive_interval().unwrap() * socket.tcp_keepalive_retries().unwrap();
            let unacknowledged = socket.tcp_user_timeout().unwrap().unwrap();
            (idle + probing, unacknowledged)
        };
        let (idle, unacknowledged) = options("host=127.0.0.1").await;
        let limit = Duration::from_secs(15);
        assert!(
            idle < limit && unacknowledged < limit,
            "{idle:?} {unacknowledged:?}"
        );
        // Who says otherwise in database.url is obeyed.
        let (idle, unacknowledged) =
            options("host=127.0.0.1 keepalives_idle=60 tcp_user_timeout=30").await;
        assert!(
            idle > limit && unacknowledged == 2 * limit,
            "{idle:?} {unacknowledged:?}"
        );
    }
}
