//! HTTP/1.1 over a connection that is kept: little enough work that it is not what is measured.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

/// The most header lines that a message may have.
const MAX_HEADERS: usize = 64;

/// A message as it came.
#[derive(Debug)]
pub(crate) struct Message {
    /// The status of an answer; 0 for a request.
    pub(crate) status: u16,
    /// The path of a request.
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    /// Whether the other side closes the connection.
    pub(crate) is_last: bool,
}

/// One connection, of either side.
#[derive(Debug)]
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(port: u16) -> io::Result<Self> {
        Self::over(TcpStream::connect(("127.0.0.1", port))?)
    }

    pub(crate) fn over(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a message that is all there.
    pub(crate) fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(message)
    }

    /// Nothing where the other side has closed the connection.
    pub(crate) fn request(&mut self) -> io::Result<Option<Message>> {
        let Some(head) = self.head()? else {
            return Ok(None);
        };
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut lines);
        request.parse(&head).map_err(io::Error::other)?;
        let path = request.path.unwrap_or_default().to_owned();
        let framing = Framing::of(request.headers)?;
        Ok(Some(Message {
            status: 0,
            path,
            is_last: framing.is_last,
            body: self.body(&framing)?,
        }))
    }

    pub(crate) fn answer(&mut self) -> io::Result<Message> {
        let head = self.head()?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut lines);
        response.parse(&head).map_err(io::Error::other)?;
        let status = response.code.unwrap_or_default();
        let framing = Framing::of(response.headers)?;
        Ok(Message {
            status,
            path: String::new(),
            is_last: framing.is_last,
            body: self.body(&framing)?,
        })
    }

    fn head(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut head = Vec::with_capacity(512);
        while !head.ends_with(b"\r\n\r\n") {
            if self.0.read_until(b'\n', &mut head)? == 0 {
                return if head.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
        Ok(Some(head))
    }

    fn body(&mut self, framing: &Framing) -> io::Result<Vec<u8>> {
        if framing.is_chunked {
            return self.chunks();
        }
        let mut body = vec![0; framing.length];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = Vec::new();
            self.0.read_until(b'\n', &mut line)?;
            let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(&line)
            else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            self.0.by_ref().take(size).read_to_end(&mut body)?;
            self.0.read_until(b'\n', &mut Vec::new())?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

/// Where a message ends, and whether another one follows.
#[derive(Debug, Default)]
struct Framing {
    length: usize,
    is_chunked: bool,
    is_last: bool,
}

impl Framing {
    fn of(headers: &[httparse::Header<'_>]) -> io::Result<Self> {
        let mut framing = Self::default();
        for header in headers {
            let value = String::from_utf8_lossy(header.value);
            if header.name.eq_ignore_ascii_case("content-length") {
                framing.length = value.trim().parse().map_err(io::Error::other)?;
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                framing.is_chunked = value.eq_ignore_ascii_case("chunked");
            } else if header.name.eq_ignore_ascii_case("connection") {
                framing.is_last = value.eq_ignore_ascii_case("close");
            }
        }
        Ok(framing)
    }
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, thread};

    use super::*;

    #[test]
    fn messages_follow_one_another_on_a_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = thread::spawn(move || {
            let mut connection = Connection::over(listener.accept().unwrap().0).unwrap();
            let first = connection.request().unwrap().unwrap();
            let second = connection.request().unwrap().unwrap();
            connection
                .send(b"HTTP/1.1 201 \r\nContent-Length: 2\r\n\r\nokHTTP/1.1 502 \r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nno!\r\n0\r\n\r\n")
                .unwrap();
            (first, second)
        });
        let mut connection = Connection::open(port).unwrap();
        connection
            .send(b"POST /a HTTP/1.1\r\ncontent-length: 3\r\n\r\nabcGET /b?c HTTP/1.1\r\n\r\n")
            .unwrap();
        let answers = [connection.answer().unwrap(), connection.answer().unwrap()];
        let (first, second) = served.join().unwrap();
        assert_eq!((first.path.as_str(), &first.body[..]), ("/a", &b"abc"[..]));
        assert_eq!((second.path.as_str(), &second.body[..]), ("/b?c", &b""[..]));
        let read = answers.map(|answer| (answer.status, answer.body, answer.is_last));
        assert_eq!(
            read,
            [(201, b"ok".to_vec(), false), (502, b"no!".to_vec(), true)]
        );
        assert!(connection.request().unwrap().is_none());
    }
}
