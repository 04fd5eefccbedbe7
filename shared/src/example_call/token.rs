use super::quoted;
use crate::model::Application;

/// A shell command that gets an access token for an application which logs in in its own name. `secret` is what it shows,
/// where it is known.
pub fn token_call(public_url: &str, application: &Application, secret: Option<&str>) -> String {
    let url = quoted(&format!("{public_url}/auth/token"));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", &application.client_id),
        ("client_secret", secret.unwrap_or("your client secret")),
        ("scope", &application.scopes.to_string()),
    ]
    .map(|(name, value)| format!("--data-urlencode {}", quoted(&format!("{name}={value}"))));
    format!("curl -X POST {url} \\\n  {}", fields.join(" \\\n  "))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use url::form_urlencoded;

    use super::*;
    use crate::desk::Scopes;
    use crate::desk::token::TokenRequest;
    use crate::model::{GrantType, Secret};

    #[test]
    fn a_shell_asks_for_a_token_as_the_desk_reads_it() {
        let mut application = Application {
            name: "Reports".to_owned(),
            client_id: "id-1".to_owned(),
            client_secret: Secret::default(),
            scopes: Scopes::parse("read:tickets edit:customers").unwrap(),
            grants: vec![GrantType::ClientCredentials],
            redirect_uris: Vec::new(),
            public: false,
            active: true,
            rate_limit: None,
        };
        for scopes in [application.scopes, Scopes::ALL] {
            application.scopes = scopes;
            let script = token_call("https://desk.example", &application, Some("it's & more"));
            let script = script.replace("curl -X POST", "printf '%s\\n'");
            let said = Command::new("sh").arg("-c").arg(&script).output().unwrap();
            let said = String::from_utf8(said.stdout).unwrap();
            let mut lines = said.lines();
            assert_eq!(lines.next(), Some("https://desk.example/auth/token"));
            let pairs = lines
                .filter(|line| *line != "--data-urlencode")
                .map(|line| line.split_once('=').unwrap());
            let form = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            let asked = TokenRequest::parse(&form, None).unwrap();
            let expected = [
                ("grant_type", "client_credentials".to_owned()),
                ("client_id", "id-1".to_owned()),
                ("client_secret", "it's & more".to_owned()),
                ("scope", scopes.to_string()),
            ];
            let expected = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(expected)
                .finish();
            assert_eq!(asked, TokenRequest::parse(&expected, None).unwrap());
        }
    }
}
