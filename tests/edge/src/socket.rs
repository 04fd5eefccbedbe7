//! A WebSocket, as a browser or a program opens one.

use std::{io, net::TcpStream, time::Duration};

use serde_json::Value;
use tungstenite::{
    Error, Message, WebSocket,
    client::IntoClientRequest,
    handshake::HandshakeError,
    http::{HeaderName, HeaderValue},
};

use crate::Server;

/// The longest that [`Socket::wait_for`] waits for one message.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open connection.
#[derive(Debug)]
pub struct Socket(WebSocket<TcpStream>);

impl Socket {
    /// Asks for an upgrade with these headers; an answer that is none is its status.
    pub fn open(server: &Server, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let url = format!("ws://127.0.0.1:{}{path}", server.port());
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(
                HeaderName::try_from(*name).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(HandshakeError::Failure(Error::Http(answer))) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The next message, which is JSON; nothing when the other side has closed the connection.
    pub fn next_message(&mut self) -> Option<Value> {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(Error::ConnectionClosed | Error::AlreadyClosed) => {
                    return None;
                }
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
                    return None;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Reads on until there is a message that fits.
    pub fn wait_for(&mut self, mut fits: impl FnMut(&Value) -> bool) -> Value {
        loop {
            match self.next_message() {
                Some(message) if fits(&message) => return message,
                Some(_) => {}
                None => panic!("the connection was closed"),
            }
        }
    }
}
