PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'foundation','2026-11-29 02:58:38',1,X'47bef2b6ab1aea6edf201bd527ea9db0fd7a4a1d50d7844837c638d98eec9bbd3478ca1a986abf8dc7374e2d7cf984d8',2985146);
INSERT INTO _sqlx_migrations VALUES(2,'provisioning','2026-11-29 02:58:38',1,X'42e618b1081dcbb8117dce04c4f2a61affc7a04f3b41b07223aed94fb5201ef5427c24af785f5cbb580773d817e48092',2758804);
INSERT INTO _sqlx_migrations VALUES(3,'sessions by name','2026-11-29 02:58:38',1,X'449c7351ec4fd361eb01d99f56559014579febabed6e78a91c44e5cdfe23d689d56bf48c71901f37d64b5ef36cc7a65c',467215);
INSERT INTO _sqlx_migrations VALUES(4,'app cookies','2026-11-29 02:58:38',1,X'b492ab8718613d9b20605d5042482a42b364a4b4c97dd99c69f5ba70d0b5af1f6e086c85b2dc0f02a09bf2ffb7b10bbe',595468);
INSERT INTO _sqlx_migrations VALUES(5,'record','2026-11-29 02:58:38',1,X'589d923089bdd0ee499da083c6614795e0956cca6be97e9b06d80c9a1e090ead264399b5587010ce44db3d8207b52211',926594);
INSERT INTO _sqlx_migrations VALUES(6,'trust','2026-11-29 02:58:38',1,X'315058a8405368277cbf8be1bc24fde084f7fcc92adb2873c8d4408f5fa86ff2c3ca45611dd0f8dfd441ad8a0e0ddb30',968308);
INSERT INTO _sqlx_migrations VALUES(8,'console','2026-11-29 02:58:38',1,X'7e17400742fd53a2bcdc28c8a22708d3c8184f3ed3c2a4fd68a9c2e0a616b3abd8f32f67f89de73bc34a7f5e58d77417',1297725);
CREATE TABLE properties (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO properties VALUES('secrets.key_id','0457dc2ca53508f5');
INSERT INTO properties VALUES('application.seen.jira','1795921119402');
INSERT INTO properties VALUES('application.synchronised.jira','1795921119408');
CREATE TABLE settings (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);
INSERT INTO settings VALUES('application','jira','{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$PnWL90u/5x4sZvvQhN9agA$LdPWAPnAVDlo7QH45PSwgefDuuSVs585jlT99V1a6Qo","allow":[]}',1795921119358);
INSERT INTO settings VALUES('app','jira','{"kind":"jira","public_url":"http://jira.localhost:21000","upstream":"http://127.0.0.1:44729","applications":["jira"],"opener":"one-time-password","reply_path":"auth"}',1795921119424);
INSERT INTO settings VALUES('application','confluence','{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$vaRSrjZFEVFSh1PDDG+YXQ$RoMerTDI+AXqtAlRDuGkvOsqo12pHgZ+aCY6l1kASf4","allow":[]}',1795921119505);
INSERT INTO settings VALUES('app','confluence','{"kind":"confluence","public_url":"http://confluence.localhost:21000","upstream":"http://127.0.0.1:9","applications":[],"opener":"one-time-password","reply_path":"auth"}',1795921119518);
INSERT INTO settings VALUES('idp','company','{"entity_id":"http://company.localhost:21005/metadata","login_url":"http://company.localhost:21005/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21005/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIURWzGXncrp8Vm1P7sekZLbnTN6sQwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhQFvLPY3EJ3daCSsZUhavBdze+z42vC/lgNhZizmWaCqQPtXLly+Q8EOYr+BUHBXHnAz1/c8l4F+CfafneYHa3EYPXLocpVa1s4eDXbqLyEmhTeLmDy3vJlUCWhtPxQYcke0pngRl6DpkgrsvxkOutXm/RTc8w2gEQQVXgTOLusLj9reaq9QBKb3pGhKZu13g/W87AQf7MrLGGPyvJVwcoqyxhoTegYtBRnnwsBWODaIEPMUGyKkAyA63AsMefDopisuxUU6FV6OPC5we8DbY+CY0zUqN5l6T+O9ZEuu52OyIBeT4wnru/MPdqI0L103fNc3cyTiRFz4VBD9L+kwLwIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQAWXpsfekyVr5iClORBxpi0zO3DJ7lqyzfC5S/a/fZRX7ezS3EIUbKaZrxi25sz0WVH4364moP6UqUWVVE2ahYMAPdlmIEpt6xUM0xPML/ydyoDOLW+pQJHD9tREOv33L0gUaCcv7jzMSqgF8woNxVJKPxmYxILdYMRI+jUBx/M4hhfMpPQp9CPhXs7EcTEmD+uZQi6F8Q2bkqCmiP8svVBi+kWRDwzBN05Rj+fWIb1J9hWLf943V/ZMmhrjsMjnH5wDMc3gA+YySodj0gh32FEcn9Juz96B8WL9CWYpAoBQ8W9h8cltxPFdNH+ZSZHlC5kIdZBm/jWkAauA6UsrPhN"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":"auto","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}',1795921119532);
INSERT INTO settings VALUES('idp','partner','{"entity_id":"http://partner.localhost:21006/metadata","login_url":"http://partner.localhost:21006/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21006/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIUKD0aGTMl2toBeAXpe+mR/ZG6CIIwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAz9FUKsFabfgstqhpimmXogPf8/b6/XGHDnxGydjrQCqDFnbnLguNt8FKnCpQGDoH1JGsxOz2IOaD9ui+bAjx+WjsL908xZpk7dqVS5jpZCP8NR5inFbKiheH/fa+9ZybWlDahvnfIj6GP2wXpWFAfRqq8k1wNDK/TeuW/ivRGfAHLOR5WYdXJWqaFKGxUFjNlHJsFTit235PXGRaC0hqeyz6haVMz5Xq393388DWvkNOJrKChKIs9j2TxklXJ07bNp5uowbX7ZVsul28Tpm3YKsDM89L7vON7bjFhOrCZnn8W2sAzihW0qTxbem1jtJ1Lna2xcCIZUBFX/J1xdRNGQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQBu1K+dXQPPxQYFP28A4dqkU8e7ExbnpptjU3a3uTFcaf5p4GCmXr33KPxS8hXL1VJyISogsqs5MYSPAgQdFr2Z3/3uouCgHJ+5tWzynLLE2V0uFK8fed9jm0fFg+IneiGT/M31DYWuLlhKXpmxZnzi9waE9AaXLcDX97aDFX4inbBzsIsJUU9QxCdpivOcESA54Ioaw9x1omSeB6+HJ3O1uC2KpJgdRl4ruG/Gs/cqho8qyuTAopQNAVWdyIZbI4dK9zolk5TytDaL6qax8Nvd9nvbldJka05Odkkl+NrFgEA6H7sScxJGHcv02Uq6BUGYsXtE/24G/wGXxS8UuMMs"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":";","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}',1795921119573);
CREATE TABLE settings_revision (
    one BIGINT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO settings_revision VALUES(1,8);
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    idp TEXT,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
, idp_id TEXT, signed_in_at BIGINT);
INSERT INTO users VALUES('01a2253d-897f-7617-92df-1968342b3777','gonzo','gonzo','gonzo the Old','gonzo@example.com','gonzo@example.com',1,NULL,NULL,1795921119615,1795921119615,NULL,NULL);
INSERT INTO users VALUES('01a2253d-89ae-7903-a57c-f58d9b45912f','kermit','kermit','kermit the Old','kermit@example.com','kermit@example.com',1,NULL,NULL,1795921119662,1795921119662,NULL,NULL);
INSERT INTO users VALUES('01a2253d-8e12-7ee8-bc27-75f74170222d','camilla','camilla','Camilla the Chicken','camilla@muppets.com','camilla@muppets.com',1,'company',NULL,1795921120786,1795921120786,NULL,NULL);
CREATE TABLE directory_groups (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO directory_groups VALUES('01a2253d-8730-7d98-ac2f-107b648a7171','jira-software-users','jira-software-users','',1,1795921119024,1795921119024);
INSERT INTO directory_groups VALUES('01a2253d-8779-7acb-a4ee-c46242be9420','jira-administrators','jira-administrators','',1,1795921119097,1795921119097);
INSERT INTO directory_groups VALUES('01a2253d-87ac-75be-bd57-4e2fdcd7f2b7','jira-testgroup1','jira-testgroup1','',1,1795921119148,1795921119148);
INSERT INTO directory_groups VALUES('01a2253d-87de-76a5-9e11-e747031bb4f6','staff','staff','',1,1795921119198,1795921119198);
CREATE TABLE memberships (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES directory_groups (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL, detail TEXT NOT NULL DEFAULT '', confirmed_at BIGINT, held_at BIGINT,
    PRIMARY KEY (user_id, group_id, source)
);
INSERT INTO memberships VALUES('01a2253d-89ae-7903-a57c-f58d9b45912f','01a2253d-8779-7acb-a4ee-c46242be9420','manual',1795921119722,'',NULL,NULL);
INSERT INTO memberships VALUES('01a2253d-897f-7617-92df-1968342b3777','01a2253d-87de-76a5-9e11-e747031bb4f6','manual',1795921119738,'',NULL,NULL);
INSERT INTO memberships VALUES('01a2253d-897f-7617-92df-1968342b3777','01a2253d-8730-7d98-ac2f-107b648a7171','manual',1795921119754,'',NULL,NULL);
INSERT INTO memberships VALUES('01a2253d-8e12-7ee8-bc27-75f74170222d','01a2253d-87ac-75be-bd57-4e2fdcd7f2b7','group_attribute',1795921120786,'http://schemas.microsoft.com/ws/2008/06/identity/claims/role = jira-testgroup1',NULL,NULL);
INSERT INTO memberships VALUES('01a2253d-8e12-7ee8-bc27-75f74170222d','01a2253d-8730-7d98-ac2f-107b648a7171','user_groups',1795921120786,'',NULL,NULL);
CREATE TABLE child_groups (
    parent_id TEXT NOT NULL REFERENCES directory_groups (id) ON DELETE CASCADE,
    child_id TEXT NOT NULL REFERENCES directory_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (parent_id, child_id)
);
CREATE TABLE claims (
    idp TEXT NOT NULL,
    id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (idp, id)
);
INSERT INTO claims VALUES('company','assertion _fb03f5c663bdc0ed69a9364ba415e131',1795921600781);
INSERT INTO claims VALUES('company','request _ebfe2da24947b8749ec62eeeadef82efb8fbee044511773b5cc41fdfd2a5db51',1795921600781);
INSERT INTO claims VALUES('partner','assertion _70c7b1bf92d8fa4118153adda9f5fc1c',1795921600881);
INSERT INTO claims VALUES('partner','request _09fc1cf95d3c02ce952b921d2639909f39097af2cf4b9063221581aaa46245e6',1795921600881);
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    idp TEXT NOT NULL,
    name_id TEXT,
    name_id_format TEXT,
    name_qualifier TEXT,
    sp_name_qualifier TEXT,
    session_index TEXT,
    app TEXT NOT NULL,
    attempt_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO sessions VALUES('ce4d1cf85cc68e132a202ae2efbafa28cf4356f82179131f6013cf3c11f3b296','01a2253d-8e12-7ee8-bc27-75f74170222d','company','camilla','urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',NULL,NULL,'_654b5b1f6298a832368f9f18761f2b30','jira','01a2253d-8dff-74b7-bb98-09561dc77576',1795921120786,1795949920786);
CREATE TABLE one_time_passwords (
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    attempt_id TEXT NOT NULL,
    applications TEXT NOT NULL,
    checks_left BIGINT NOT NULL,
    checks_done BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    app TEXT NOT NULL,
    idp TEXT,
    user_name TEXT,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    rule TEXT NOT NULL,
    hint TEXT NOT NULL,
    detail TEXT NOT NULL,
    address TEXT NOT NULL,
    timeline TEXT NOT NULL
);
INSERT INTO attempts VALUES('01a2253d-8dff-74b7-bb98-09561dc77576',1795921120786,1795921120867,'jira','company','camilla','opened','','','','','127.0.0.1','[{"step":"request","text":"return to /browse/DEMO-1"},{"step":"verified","text":"assertion _fb03f5c663bdc0ed69a9364ba415e131, signed: Assertion, key 68f9642f2651e6f2a8d6590021532b6c77dc6e3d87d6b78c00ab0ee66ccd52ff"},{"step":"plan","text":"create user camilla: no user of that name, and creation is on"},{"step":"plan","text":"add to group jira-testgroup1: the group attribute names it: http://schemas.microsoft.com/ws/2008/06/identity/claims/role = jira-testgroup1"},{"step":"plan","text":"ignore group jira-testgroup2: there is no such group"},{"step":"plan","text":"add to group jira-software-users: it is among the User Groups"},{"step":"opener","text":"POST /rest/auth/1/session: 200, X-Seraph-LoginReason OK"},{"step":"opener","text":"GET /rest/auth/1/session: 200"},{"step":"opener","text":"the app asked for the password 1 times"}]');
INSERT INTO attempts VALUES('01a2253d-8e6c-7224-b44e-e58c3a4eb0a3',1795921120885,1795921120888,'jira','partner','camilla','refused','user_of_other_idp','Samlgate: a user belongs to one IdP','The same user id from another IdP may be another person. If it is the same one, give the user to that IdP (`user add`, `--idp`).','the user "camilla" belongs to the IdP "company", not to "partner"','127.0.0.1','[{"step":"request","text":"return to /browse/DEMO-1"},{"step":"verified","text":"assertion _70c7b1bf92d8fa4118153adda9f5fc1c, signed: Assertion, key db0b1d33c1a240bf6f20d11f41662a2c29579beeb0f381c02e847f60d762c73d"},{"step":"plan","text":"refuse: the user \"camilla\" belongs to the IdP \"company\", not to \"partner\""}]');
CREATE TABLE app_cookies (
    cookie_hash TEXT PRIMARY KEY,
    session_hash TEXT NOT NULL,
    scope TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO app_cookies VALUES('e3d6976df740acf8da78947710f9a3a7b2d195f8a07a9a4a59ad067fbdc61fb8','ce4d1cf85cc68e132a202ae2efbafa28cf4356f82179131f6013cf3c11f3b296','; Path=/; HttpOnly',1797159520786);
CREATE TABLE attempt_messages (
    attempt_id TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    let_in BOOLEAN NOT NULL,
    kept_until BIGINT NOT NULL
);
INSERT INTO attempt_messages VALUES('01a2253d-8dff-74b7-bb98-09561dc77576','EyyfgQeKxFSkhwbL1G5MipJOFijruyVcCPEnzjusWzGMJ6f7FODrzHlWgE4rGL0YHUJ_7AgJCA7sIc4TxwdT6QzRNdTj-2uSKpnDwCKMsIMvpxw90_zF_BD7HYZ9pDyVbS7ZmkvHSO1YEjdl2kUb37nZm6cCfBieMsi605V1ZlWqi05JfVh0fx5kJ1fnK6g-_QVlJE4p10uieDiYi-lit1YcIt21u3hNjuLOEn0ZsjX4rq4zk8qoslJOE5ci5WkGsu5fRUM4wXgxrqnUw0iAJTc6sYzX7pedWDyq6xyBQqjXN8lV-K8rFK43pNoa7bb_0eSmWxVKVdbb0s_Til9o2qSU1P4su3-d_MBP14pmWsHBzepgSV1xj6xapxuzMleffTogzIwO4d4Y_IDJCVdnrTtgLF20ZDbAbOIic8M9N9VJ_OdsfnWRJT1xloV9vJuXpmFYml4kt9XqUv2CeF4ufecDL4oqYOH03tDSou7QrRQ8QCdlw71vqv5aSa-zJh9Ik02dT7cmV5brGGpYjVr-mf7HMEZ7V_OtDYNlpF45-c7rHpiQfCRT3HYbjuswf1RK8ptCYO6e0z494KoO1sSB-SpaDpbYPV3u9H1aqOgZuXCqdj8s8TIneTMasHFeki5kvq2ORv76AW0R2MIhbcQLuiX2CEFs73bbPmJFLItt2PLJbQg6vN1O8QvG63geNnzmOFqr3CMvymm0wrNFqbUOXCEOoRYPAwRkPg3BbRBqkmwnzNpmtHRwpNoJVZJ786faDXoA_fJRZeSZE7UAfh0X1XMe85A8r41H_IqvM8t7r1beG6po9nZ7Ps-LUd4nSS7zWS6Zi_8pq9yWWlfrEdsUcbQbyh-3T0EVvhdrrISBIf6DSQ8OODDrhbLqCwAwYF4_AUg10fmczeKvpJx6epaRPWWPV-0INkFIO4m-zb7HGvXvZ2gNeSjbBJ2sQ4rofmNekku8-8MrmvNpiERlHOnM_tRZRFgzjDg-k5u6wz8xhZBM31GA0_5JibMf4VvGXQvOMitL19GpRguh52UlRQQSPVs3u2mZSWxTqdTllxZ1PkqvFKdNAp5VW-uyvarK6FWtVghTAKZs9CQHcCyY6aWm3uxa1PZ8W9mYOkcoTJ-VFBvJXYtSn8CFMZ_uLs8eFEe4cFsml9ay0RfV1PsOG7kTRnMGv5Khe0hlYnVR7JoYM1EJABTSDt6A6Khj7l07cdUhRbclilDJTJbYKQlS3WLe_dRsEKxr0u0mlb8DEQu3UQIs8tDCJwHxKna2pJW8XgsrwH3ljLlr1eFgpK4N-K4I1rrjRAGOYLKvMJ1qUJhHPtQnFnrx2VAIdKTjBm8Ma2ckzgJ5xab_isX-cN4sCuHssP2E3nbHsEtqgdDn6EeyhCNmcGH6BObE-wa5empeBqM6YPg4KNDUljPqwTnodcqJUO3rnJbdCcpXWrsrkMgbUdliMwaHguKxm0HXXkV6daKna62AqQMSR8LGcOT71FpydAvsY0o-GugmZunG2s-Ed3ieNjIKTeMISe_sJwLm1QevDD3AhrlhRcS7K80lom694JcLft2_k4glXwXIHIyfZ7UFGEyGaJj2yTeAqIlmr7Ck1UPnm4eJlZCGOZG81ioogsUknknMSqFmaqNo-fuWCcC8dNRX4MQVZKlUXkcV-M0oSYDvpX_QHHRL8i-ZELto-24COvepTbXrIhmuBupTir4YRROCBDfhq-9ZRbZBNT1Mfc-RuLCzRg61oIOoNxfR7P_fnSZ0zLXv5nbCvHaNs0JE0gIAsCYNlcKmBFRq1gzlyO7Qk3yWeqIGvhVo815uD7R6qX8vzGBSe3gWkubpvv9zUoH5CSqqZn99UBtcmdg4IxITHT35maSsIca0-cWRgiBa6z5rTT6bp6vpWETxlzIjt8xsvj8_LerfGkrjOE8FLIiQrgbiR2oeWoTJIfjz2U3echsmBtk87dRZCtC5Ab3E7rH0X49k-8Gls2vnXxDJLR0nyny-VZ5-c56X2gyEwN_gsIU-nTKueZGwrTXGhqpkf1fvmlwvBEQzMSdTdvf3ASJ0UB9P0QEZluXkLNaZWLkvUIUNkb-qecvAxPFguNGOWoiyuyCBqEbcF72emlAl8t-Fw9E-m2LsnZtDo2XrjDbjXE7yWlLlD1tNpLD7-lzRI4Wl-1i9jbr4KRNGsyNQaXjsy25ucUUU71UXezJroDzicIPX07OVxMQEoELMYQ9GKtO7Me62tC80xBABcPtZh9YBTlJN7QM-BjCghV2BkiazWshB3DE_C8IG9g0ip6POBcda9d2FRt_UL2jeh0CCKkoxCDSmZeckDTRqRHOSsnQcac9bOjkJWKoy0kZPYxXT-3b5dcDDnU4r1FpcRA7IIR5o-74TuKsHHW80RjB5UNk8SQmD4g23OJz62DW40BfbM7NUjRs6Zsv2sVonPqp3p-KewyB_a2zxKbgkj5WFvaUFQhme59Poe_WJVoil2Ko5NMy0RZeP_g3PIeGbOIA1BTgsRmFIWyTMhLqxGBuAEux5tIfY2b4Xg6Vtzq2sGFu2y48DVvM6guhfLtpqnXrrItYxkY_BjQhmni9O94sfCHY56nb1_Ac5_aofhBdlDZmZ0A-WPOqAfqOLf16xk4KHiJ-g1olxU1Z6ATGdUAwD-iim6KVxbvK-QBdJEgqzRjysmt9dd8wen0G7pd1QDLI17WEGI5DiyacuRo4yMYU_QLSP-AmMgU8zYSFX5dX-YQzccb8CtOU57C7AoXWI4ULMKqjf1wo0EhCnrH8yRKUZq_G3RiYIOUZxfIYcPAgmaL9oEmUwUmyFDRbI-Nk29KOIDW4qtoQSCtHHWpqMm8_zrzxQOIIf6kD_RQwvrfWKY7cJ0S2poP7EwmrFISRVVhGw5Lr97Rxuwc3HQZ7IffE37O2Uc5Ry95s-6-RqTpvdZukClD63S1MRxWOcussNYjYjVl89uGPSL8DpBSCk3yRKqjOfYjCoIxk8WVe5ifqeKf80blpBlmOrze-tATZ_sq-aOceTJ67kF39EijHhnPnh7PAT6lTUok49gfzFlS98Zl_byulw7eQnsJXFo_WZ1iJYrQmRZok215IM1G3MGe2aoaZRzofUCxj5WMBgJfZFT3gO3IvdoPVI9XnUvG73HVsI1Xdnol5PkUTfGmcwL2MUBa8Dpd8M2EAahnY-MUGQ89mnV6ynGYRG1YcYJkjk-c6vV9YK90Itx5e5_6IQNAnxGsvfkOwg6K1esnUJ02lS7orxfDdZa3c75HlzjAWIt4pXgTfULfF-HboPTfIToy9JhijqbVswTo61-ZrAA64yTm5VaVKgXy-EtdmMINzbaC6t1OgOifCMFA0i_IIEy8OdQ3eJ-rO7bWhAsq3n9IdCUGQUXhp2MQUXm6_cnvdBXpgNXpevBgqXcr84A7v6AKEyIgd4OFbFLaujNiNb7kZOvCXb25CPQm1QUtnKR9MUBdTuZ9SfwTZvzxTJdsmEeG-zS-MsZF1I8DVGBecFlUX2YpQcRq-ePQbxpM9vtpifQPTr3pYaC5x4E8dQFI1ETincq3MYBDZccZLRVduUqSKiazzR9z32i9YJiBzoY_-IvDuw19c8AOfutWYZcodnzJESR8FYIS7Gfc9T1y2cBfCCfucnHUiRp1LiBww3SxsGGNzgCufE3JxTecdJezU-J0271Mrotq4d3qeRgcnmd3DEneHIHJhOerT8Vc3muV03FsVrv84hmGVGb8EItFUtZ7X421dxKc-sZMAV7_Z3ny88gHySDkpJpMCuh_Y4KwCaievcUn2JKfEecVpSSuZsMyZjWPbJDxogkZve4M2UHhj7-fu80igE1-kKDooCbo6cwkZXly7JUOpXglD7YRkPOviPNXO2YIgtQ243Dn8ythKajOmGF5rsMy1itFm6sYDdW-hRbl50iF_KzaplR3dT0j83sOOp7zfa0rmIES7nMXvGnVNGg7M280pOvqsa_x7My6iIPspjPdYbFlfulNY10eOa4kCpa9mE6qbuzBPS49UQf9jKzXgZbg_hXIoPftC3m5Kvksqwu3rnfUmXwIfvIi37HAt-2910QBF5JsgU4o6qyTH5nTy4nHTRtoeHIB56pPLCr4uQk8msSFIzOiahRHFzcPY69vnaxYn8Po7g4vy_U79yaZ4ksI-DiqWF_ufVL-bQpm7igEQbcLPp12P-ao5KpNakiSLrdG_hP8MoN5oL92cmKkYvRptS9yttWxnagtNo-O0g4txNtzXy4XVhTUxC0DwDvoG5Fh_QLwff2Qs4AiOB7421UQxfbJa9Pg7IP1bQ6vV4sa6Y1PNB-_eJ7vdefdK9Z1brPw3CyiDu3yEAXDNoBFxfuYBVxFV4iSusPtIiNKNw4P2nqtS041VlF2cKiGs6mi25PX864krIyPey-x8xu3k3oh_w7YpHAd6ghQo5-IWYWAyAuXgnG_7oKtvJpuZ_oJNfZl-DuvagcxprKNkJmF_vOD4V73VqrFYE9ebsmCpBJbGXL9qrL4iRfs25NavsnPWhZOiIN7u0F4gRZUxgH_eFvkj_IoVXD6yt607SQQceKMW0Pc8h9FpdKAT3DxdhNQt7MBoqrd89z1OX7xEosKyv2KXXP-jVXeEAyEkpdZlFcN7thTYHKn5Qf-vBpZ_ZJ_F2yonroVYIgfRiFEkRdITPmjc_fWzVgfr3ltsihABXeSt83H81QobmU4CSORHKkh5fXtPf_wv8sbB5ns23sSP7V-ppM3QdwgjgoLBvCWpe-TPBkxOcz0dPbBMXrc3h1OOvZAj46_AbnD81nNvpdwox-SfeRdH5OCDoUuJwyyyMywHhmlNcLTNSzocF8XUyuwNWk0eu4dkqGbNKLVVkGcXMCEvUpPct9U6LrHZgZLgUE8zGj8EKuGr64XsWmTwSYRX_QbuYBQ3cpnQlp261JjMFo0N_nRzzmLeFYCQCQwct4jKJNfzW0c8wgkofu1vihShzAty_yTwXHD2pnMN-OCGvVEwXJ6WEpzQOVaAUsgh90EvwLCA36LnhXlOpLNRida2iSQgA30P_MuUfvfHrvD6tEoLLj8hO1p67Sdlfxr8vayCDQy1ge8KvOKuGMyYAFepjduwCgfM8zAcSOsfKctHKX0k2J8lP5rgWawvNGwRqIav1CG74VMJRXvlVxF6PzYMreT6MoEvFg_YFx5P-E9t0gHimecb_BV9alWcfww1qFjkAtyNbw6v4T_NCZA-vJ5CMniGpa3Db8woMBE8LEyNB6a30nDe5dkyfHMdbL3L_-8qEhFFI18myo1PmjQ6CIr0Y6V3b_jbgK3kZqHPtiiQ6peQOquOAloia5Jry89ekW83QG8JwhLwZw2cUKofcEZXRhodZUWqxuzw7ftfGANsZJIBjmxLimV2AJYKXIuyW-Djhpeocb4E3uvxnFO_bnM74WfHV4Xcklq6K3uRHd7FExnxgQ83rB7E-0NgWoPoH5utcnuibQd1zGvUhsuucX9dUOj67iIFGRoISuEsZAGoeSpYHxCI3MqLSXGWJCKjM6m_lFmbqbDm4tLaYZ9owIcqOB8FFjpkcCP9yr2Mps9D1lRDdBiPrriqB16UbE8_fL2iCT2g0e2itWS2ureGKDVV2DdOL-o6DMLwirKSxeKmurAnrR0dGIQzSbAsGeJ9OKPKWUG93kbIB2IHoh466jMiddNIFmCCCXjvoMCMvhFiL4Mn_yy026YYkTFke_lbi-8VDcJ8FCQfY7lZ6_z5Qv7a_XUemU-7mju9nGtnWTYH6-Oyk-k1Gho1Dj1rVyZBHWhZihoaYkIcBSfBRPf1FxGGfT38L9Td03suPVSiJRFbcKMVqzIiVpzmu76J6NTDzuQ5u4bJPXmVeyvs2Ke3YQisH2LRPUrL39Z86kQ5orKevZPqg6JEtwStDt8GirxDd1Hr-tGUkXtVWP4dWOBZ0OsLmcz3G9arwqvBarFPwqNkTR5WLcmkc8jETz1zn1AnEB5NVzR2zDU-yxY1KTIZy5hA-Rtq4xvMl88peyNEadoTv0aFlkdJBP1COQmRy46ZNnVO50JDtsfeNIavFusiuCJ5o7pRSQL_aIUEHiZaX6S7ParUXmfwNwLWWH8jdv8MGF5M96p6yX6qur-56g4-zXeVgC4xvxRK6aEZY0nDjft2NKLOkEPcWK3NH2Dhkk2eeeHFrOwCqKTnE_w8haCYGkx45VfrimgaXVVyen-FPmSIZcU5amw6RFjm3hdtw-69Fjx4z8jpzcYe3pbJ6A5mW5_ZuIMiW7occ44R_bY7U31Xv0bn8nehw7YdiRk5iWTYCBz5n8SVLgyvvfa9v2Ch0MCwI-9YYWgVr8sh0UAz3QOk3ZaZvLMP_dRLchYtMi1mwebl1jk_fwi8udoDrbcuN-qQ9n2AWkkbycgpm16eCbq1izVS7rM3ZK4wV9G9HUeDV6ziB8kAjxAtkXPaL3wFmcOc31BEDvotmDzMzrS_dJQlWF1KM9GBTAH4-j1_XsScHRMYbjqlgZctvHbl5NgPjYfFg3OkHoJi3UjKFh_6y0KSNT8IyEoD-dFf4wE-dwnGHPbBzgccRd85EbN8sdDg5FULXKX2vT_-FaL703CKCHzpMoYIwk8cysmLq5I1vvAYqP7bMSahyUZKGPCnsOgWf-W-111P4qjkL20j9dtP-f-AO2OkOq2JrJzH0XBDsfRHpuhxO8GCZaKG0ZNSeG80u6vBYKRm57qFH3sicmvupHibP_RIRxiuXX2mdPX65eGsyN7ipA8LMbFYQCTZmXFN2T3vCgrknTI_gD2dy61B_RbjyxdTtA0QM4jAklgriid32PtaTGI81XJbg7e9uvAE9e2rXb_BK9YF3XP2fPv29iR2DLJPgViiHKG_RObVl_lUr4QNzLn05KsYsJMzROLW5h1VEKiPFdPZUS2-LC044A7baN3kUlJrF5Y74ceCjqyeuQ9TjnWsTna_pdHMGBSVd_ujzdGpopPN4qK0920PXNdqF-qVaBnxptWOmzdyuGpwTjlLXxGdvPA3kgNT7_aFQnaqPm5Tzd7ZSJoZVBD5eXYNMdmDlqimQ_RXUWF4xKgqdfWvNzwVMsuWMZ1WkllF2oOenDFvoqya5UeyzOe0y0RvMhbu-3TrY2xlnDtsu4Xfme_YVg98Qdpc3F--TzY7SOW3T50l_GGYY3XTVPLRD_1ndoE2kg2MljzQp85RV6TtSwTvvKUNczF705xhkI31fWJ7BbgPTVw8l0IKnqILPnAX61R0tE5LXs9mxqd5J9VPyL710SmaHns_z7CakCnn99xjuAMrDLElJVyzRUoVlj-J7_Eb3LVmb',1,1797130720786);
INSERT INTO attempt_messages VALUES('01a2253d-8e6c-7224-b44e-e58c3a4eb0a3','5CXepsqD5V1sr9YwdzqOsL9l6nyFDGDGje68Ypvtpiybvxc22EmWJnad78kbBJyTnpfNXjgfvLo9KhtkYHnY638Pn2WC6j0zOSGcs-HjnqK2WaldsOhZjTYw_S52qHmKp2tjU0nXYdyIvOozlnTO_jPMzptiK23uG1pXJqc2BrNjhdloqM-NK0FAYpbwcU5khKbgl7uDJzURX65MV8SCOXtXh6mM1RpQX16XKt91-zvSVV4Dz1PA6DUp2xv_fnYwy2rTNYToYpykQPl9g9QIKHCNqxZoIgnzijr5Ajk9tuMjGW94dRrskwPno797GoYn0HOl-qHEzsoTuXxr6b2ucMXca_ICH6ycygftNU0zuV7zZMJNrdu8xBwdSmPLhiqTbqIbj00dRgBbnbTOkQoERfz6tT6MZNrZa1b7F5M4TRZ4Mhql4XdDpqbsCT6EwD2UY_i2ZxkXnhJUR3q8vsFW1L3GhCy57JQtnqgZq4-fA07OaC7estpURAW3KWD0qBLC3RAC0BE_0N9DdAC38fNw2t0bhtSiY-jiDzBKfMh_evxcqG-eLCIif1jEBjZJyDywsm_xOVeCC49OdFN7Kg9luR19wUpHd8Wn4SIb7qnv7546reaq10PNG-Dp65rboVxiDPmeF-HGA9FlaxRSA0nqbCsBpx9SUrBgxKMa8Fwrzkt20o28ngkJ9fntM78GYPF1ilSGFhNFN7KA8SyOAG-usgBpoX79UC90tl0aVabOTBISv4VrcuLeKAJ8eFdemgnXnwMhm1U-FdFtZzFkYqS8yrPpl5kyZJssu0sqVFnmj5yIK2WWd2CDJWx0aDk0kqlR6Vfv1m5qaXrisZ9zN9Ws8ly2mNKeE3cAfme1EvS_XSCJ402NwZWNftUrHIxHsu9eCycMcjrF4GNTdTzGKW6DfWHB9MdsnCXSVPYWDNBOU7T7YUtmc-Zqm79W31HnYfv0u-SRBPr3LzLE_UfmKC1xQ_JNWg7MZPNqbbYQUDB3hl3Pjer5YtBm8yWViIHkY-N5Lmxk-Cg7fr8WbyeVm2pW_-PtScheKPouh5sa1NqWSBePzmqZ-NK5ioUQEf77Psxid_rdOO_42QKwQ7CPt5CCVfSgbCTVWKYO_T4N4FcCHyVlcDHbnfb1xGQXFXOBjFjmO1IjoYj5ZhpBz4okrZZLgVBeP5cNhbKjUySd5mnqHSu-s9dapv7Dpr12UOsPfi0BuPwzMbVAXr3CvWTavrEq_94Hxi1_r40qI61Ympo5uGzrC8SUTEVDYqsrBxxWY31vchop8OqekZocZ3lgRcl1lc4KDSLo0A8hxe1Hx3ecsHkR_GICQlks-vRDQwyVtgVTt8hJLAiaOcLQGPTf-7lDCAtM87vGMkEPzVNcfm8xNSzEtb0Pfeb6lmOoKDncK8KC0g_yqSZ650006LIWdHboOcyLlyvLN3TGlXI6c6R1evjdgDnT1L6j4Ore1pIEQMnO7cC9opfBvjlv5P4Ucv77RmnPkW4-eBkjaoylbwvi6srAd0qFH3O76UqPz8ZhSuRT2qU0TB8bi6i2wPLoSjPZ-PFtEKLjFld0TZlUmXBj_9NoipmwQS8_zNYAJg-Hj432gs13VkVv2OGrhlxLUjOcBPCqu0EEi8e8kkmNv5ywbRNEQuhbD6k6ESrEUJj8HsCHsAkw6Vw1FDqNE1oE24o9Ge8UnL3JClmX_fhnChwAXHDH0DxLpx2S_-893vtmCGN-o-9s9-n3CpTe72VooUMYjSRaNH9WvKltRFY2ubKCRLsgMHDUVAChUyxoczE7ExgIz-MOfQRxqNCaTnZlxXCzAoqp5wQen1i-Z0Z0pHD9Vx3za6b6acSXkI6xf3r2xKQqqXHooGt2JD4IByMGtrKSnHrBojYYAyLYCW3biba72QKcISHgmn-GqIDSiLv1bWfSCD1jBMMwx17WFtaE-s1bPpnF3GsVcA73uAzGhoBEN-rMzgfrQVV5trP2gYYFRWKJ5yVEBIzAjbdJcqvOyj4TUEgcdpuYci7_LrfpycweS368dB0VoFj3rQybt4J4kLMM2PG1Gin_K_poBWFDvIY6rpTgoDg7RpfmsPWBvp_bsa0rLB-Pl7NOF5HBfFwPhb5wBZfcQc7iMFOcMO6HdNpjztL8TUAspN6sfMz4yXFs285bZulrtD_42BdDbApEsO_M8HIBoK9nlyYTeEF8nArZNrRrnPh9gcxetWSQopBlPnKS5Mbt1n9xVYDLNTnKN5j9gq5SI2dyTRcoMgsq5VSvwSD1tQ-C-z3tYr-sE3nFVY4szKVisv0SvisXEpdRkqseCOQXLLjb7TJgGJLFBk-MX1HbQIJz6zBg9xJ2dzwul5XZkWkiEE9lJBfpKI74n3II66Jq8yslWPRhYxlfEQb45fwHXyZOSR41HNPY_uw0AWmWmI5QZopk7jDxC8e5fFN0pm5BKQSwNaO1Ls3-5mypNVylaJ-edeXD2Cy5uNxA3pS2rzmi0T97BwVv2TPytdZmsfEjuboghmktd2NdsdcHVJyY6IfeVFCLZhgh3eUJjG8XmxxLf98rDHNoDXo--hRqz-2Cu_HMxuOKc5mt2YODupQEwOn089l7RMuyOb7HJPBSclmCzpezeg6CQqelmLlvo2HamnLIL19cfxyenUwdFwj80h9xxWoT6-p1Yd-ZgOP0Z66fpT5Ap7OyE4UNUZUOPzoZvz3n3H8GU1W8fR1Emg6_QPDcKbKpxphJSz8NbhCjWOlsT8oIsVgBtYaRnXO04oCxiYXlvLfUa5Fwd-Hct8-GQGrYdiSP2yoVkZqlkBbXV-iEzc6bxZ2ie_APLLQ_b3aHfHMzmFKib9iVMfzYffbkm1pKK5jXhMf8eoOqD2_j9urR87LZI1-GqCz0Xkipa033aSfsMv_cEBNSU6aZ5VixNeDTfV5oiOKIRrmZSrpx97ID0C_1xW5_ixR0qFfQr9dOHTCuPQZgMxi66uuiz8612OhGIocCLIU7ySNYKP87VxK9mfra-A57Qoe-4ktkf25T71YHwkV3ibGpRazQUkh_-u_8vdHWJA4nSbN75SMRsHfaTGmzWWp4XZPwqlf7NSM4V3_m8a_DFWVgUS2hxKN5jCPOYvcTe1e7tJ-4HEFKWwbhQlvhJRygiYmImoUYa_ZR503Mftm4q2SdhxFZ9A2BQioWQYVH6OKQRkKaKoKPm8AEwnaxcADMHReRau7yy3LIVjkAHno24qXLuxtdvdvJi4XuehfeicnXt45pwlgeubC4Oz8M1Ei53SBv3yDWbe-FVjCWpjcjCfNWbnKocIBFalqmYQdSBInDxRp5oea9pB_6SEvcKAf6hIyJoD52ckunol-4BJcHxz7HpOG2NJ6GeQ9P5WtxyWsSkP2mv9oO4spjxSECoatZCWgInovY6EcLEbVxLc1-rjTjQZbJWfWX16Y54LuAHtzPh2WjtxA4bPwp4qqpijtldgthwz3OwFBHpyxoCw5wymr_muBEtTSGOopXBXyTtwyLvBEcWMsjJlqu5JgsqpBGfEfpSeypV7TdR62Aw021m0mt1XqvJEt6_Tx9W7a8rOKY-sYzhTzKwTeqjZUmNC180T6Cfqt5FNGFdL0WVNmZAh__KwnJTqY_0iyQavo56bL1GIRuICpYuL8uGObGjVELAIku_C5NDBzrsa8YxpxWKUn6VJMChKhNYaq8DyJXeIHQ3VzSkWgqrHR01ZzjYOzcijyekoFIgSzhDrJNTNYvK4ftPtqMr_2aJSsw2KljlitMZ1Ob_jmOyk7QlrKfy752Jn_W116G9ijdsgEAfda-AEN2akxidZe9sK72JEMwCaAq0nTFjKaCti1meyUyxCEiDbWAOLGAhBtajOZznvWF1rSFou2cnU2xAd24yqhYyb5_ct2Ei6b2yEhtwSGfhlZT9m-Y-J-N1uIdoKP-QBavJ1TAVoXtWDLgOSwm7jWnRwBckY7APZ7G2D1Lcdo8tCZ7NPztLlGzZ0OsfF--VgasGEukJoZpDjhkwlG-RvNiQ5XobzaU5-OyfjHvDFd0gdHPND4osMSFGKb7cCv8MxbveWpnNBt5XTJH5atYNERZJFScZUc52h22pM5MxSfBnIxKJpcTX89lyw3yFhcSSDGe3PUXl6VwMXISA6LFiyn1tXDfvz_Df1MAx44mjAJ0tMBl-HOBDUz1WH6T5R4L6ftMsasJBH-KbRkLP6fHz0o5X-YlakEUQXAF-oX6jLbjN6r5IZ6tRayySP-lBVBGpVlH35XIjBPq7EVt_fc1efneIC1PLciHzh6p9z_7_6RS-MsgN_e1_yWE8v89xit1SPoDHcx_yw4_eSRm9nLrgcO317jU5cwfpvYtoVssVLBfVacF81Jgcjgg2hk-DkGAq_R2x9jTPXVkpyCLAbcwq_2aNRXcLtyVbwgS57307YQUvRg1n-FBOiMuTrwTgnxz-R1vsRxg_VvL22WFKb_OMQ28III_M196KH0PvobSG0ekQiHwWLTUqIbamqvpNbfAaL5NbaAQnp_w4ekllMEYEpLWr17vs57AdA2xtvJfxOvd30ANUjrQ83F2YasSnNCIBKP28AKIzrGowQ-YmOnc8XuKCP1hZdDk3l3LJDEqbd5wWux1ozxz5r_8nWagca7zKGSR7tVx_yRSCW7JBOMuaJfIRMcwG8-5wXIEb-Yun1iaqKix_WughYAwHWk5qp1fOLjN9mtDnYixS5HUdiMh_fpCqBf9OeTKY9adw8Ksj_caOMP_emR7KsJRefTLNuViaKVC6iwswoDmojlObrUTYAszzBmVuCFyRzADF3PhEvF_ub3ldWpDsJlXWUFCSpuX-lx7Mn07Sa9FtXBC-ceX5VGE2Gg9mTP4-1-VUbY5EupLJLBBwWEmzRNK82PD-o_aJKWaUm4o5nTsGqpNcXPQt4qUU5JuaKCDlMWtP6P8OFrUtSyKZz0Ul06kZy1mTv_FcUbiSdRRJTqKphocToY9EfIUCQwY0t-bezKMg-VU25jeTx05tjBye9MN1DFzSjphfHjnCt5plnqO85psD37qcVRpyS5xtXKXHm-28B34Jm7oW8_v93LLYoxIfKYxKGySNNQpKwIK_B_xEbUwr_H2_H5KPgv1bHpTUIiUwQBLhH6EDQ7qzlp0kP1IQzAgjsLSAnDlbnTIG8fTVqDYfSjnsvO-2RGPfRJNtcPvF-q-HSz3SxUXu0asTFvVGui6KG84-7LTct90J3xsVRUQIff18RZyMpS0xdpBkyUfjI-PiqVH9mTHgZKG3Mn87rlZviWlX6tJ1fkjBokoRbsDZn2QOm7Iht2BQzetDCd1SJxY8mU5_cF_efPBZZfojMVBrBMIvqlPlmlOpMrOQoq14vuGJhBXbSL3k-1yieVXLTgrK3h394NM88sezBEHJUenTrCrDmRP_02NOJhXVfCJ7h7vK0FDc2yok9awB-839Pbk79DNRpmDEQPaDlOixUGF9gkt6FZaQPSO-WdTenF_0I08vdiMiFXJjsC0i-amOzfJmea5A4lxqoE6Uzxz1bCXjvE2YqOtVoLYNNGmUxfDNRqiVtW8qb8HHl2qY_4bd8NmRTCOsqcPzi0XPq1dBnBtmwvIcRI8TXh3J33hIPy46g00uKB_-GEWlQRca1ZrdPjvWLVq6VsOlSCQH5Ia8esqNv4exNkHYPYV7FauxqI2u2Uz2w1NAfwGv1fGKl1hVaQeBYprIYClP39iaaucOlCRdykGWmLA0_aIaJeHgRnVrV2PV8tIiKENDqaGdtKms6y8N-BTKRzI2j6kJ_1eHMaJ2Zog9MoO7bM_YJeQadizvHmrNxLri5L0KSYqrj5s4kLSrcrKnSKY5u-GgBy4lzsI7B_hkqmEjE2mgQ2M35-qfDyG1qfxdd_Qgqa8CIt1EG_k-cBBw7pmyJxWwuWGRoq0Lve75DLydx0jdmwNDvI3ePI5sT8dUFleOiiyzTofedyyhr3kfT-mJQ1R-3pSKkZn1PMD3Snwjv00EmPMzT0ofqfudBWR0yciDQq5IFr5zfUWpG78Nd3hi3WJ-KL8i_RytollXgC1p0-_jJgIXWSGmaLyxUSRF72Bw6U8cEgYwEHSO1n7or2xzgXVOMCEK50DmkkwL21f0nOU9omfkE_XeID3hjeWnzdMoIXn4EvD8Nw0P-gFM7iMTuUYddxZ-oyh1F_LuGHx8PSGDjUn0hiyfRxscmWDStT0hSuEQrcjsN0a0uzKM-1GX229mMkIX-PPVM_9yUftJ1-Pavl0knPazkIWe6wKAO3ouksIuh5jXcnDS2uKb0dnhaToMgzyK5BA-qC7C8rccFCrZUAElJORodaImLojAt8IyYgkJoMyeudLfOaMBEHRuOIG3Ra2kNJDtpA62-kUCWbNU8JsCzwmERA3im_t9P_ACSFjfyzPflYAfuugK4TJJmNrAZmYVtV46MqgXwzti-2sXefIKhhTrihEDAftK8rwGX-uXKAAFViUrALxP6SBRrEnMOJYUCTr81wZcZU9ljhkRxYNAbyIXOse-M4FTFQ4cN4rBDlBNG2NibXmBIVZh86IkNobszT9gktAQKnrOyaskNSxKHJtOZNjd-IsSrasxyDL7MojvsG22RTgG3Wfc1uYFPJ2k5Fz-4SwiHhJiq4lkQy5ZFf7Xpz9NNLFBK6ippNjc-7oCoELDpcV_0t8i55qXvItSh_upu8RdhpZmt0qVLyxfavfKwBxcU8e1LBVH06PpQQ_-PPxXXqOzvO6pxX8YLbQ7Tlv0C-rOHJ8el0mLeCP5uIqX20aw4Y9sGC6uNjhnRIf206OnS3_TLFJDztlOphHsG5sRXtymLFSshGvVQ3mScx8QWGdWoNtDURM2m4zVb8yLlVFu6Rk-ZuYjAhJ9IUGNDoSSZ83DR6eitx8yDvU5VpZqZ5qCHuojrl_CLmAMZqdApWOq4zLZHvSnESDJCLD3QwNoWvwxz3bT-FZf3m1LLgLcGRQVgZXlOKR46ExxF9iWRnpdnOOpgf3zWkWo6NWlMMB6VXviF7tSS3jIT5La3vuolS2QI2hWM_R2pkk4g25Ll9ygvFy-W6pja2Dw38p3MEK7NjboJVIxVV5auNMP8t-nYfVmPmz09Q2cleR5G1pIMkFHGWZnJcq7-k1HKf8urHiy7oOerPcPEYXO8OfeZsUypUA-avPRCqH4S0ekcFKUqdRNDy4c7-JqMVsUAQNgiI_xCUmAKINStbD7oGBniNT3wTSVZyJbQnapDkdIlRrMPfDPtW_oJHPBsThs7dRVGQYRKsVqLRbThzVTg5kZcRGURqYocv1BwbC_YGfpnTNpmuS3Zns_8mO',0,1797130720885);
CREATE TABLE sp_keys (
    id TEXT PRIMARY KEY,
    active BOOLEAN NOT NULL,
    certificate TEXT NOT NULL,
    sealed_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO sp_keys VALUES('089b2ecc73568002cc25a79783eb3be8250557b810e62f7648e9410ed0b55fb3',1,'MIIC1DCCAbygAwIBAgIUBI9FpML3lufzl3WuYoF+06VHDhYwDQYJKoZIhvcNAQELBQAwJDEiMCAGA1UEAwwZU2FtbGdhdGUgc2VydmljZSBwcm92aWRlcjAeFw0yNjExMjkwMTU4MzhaFw0zNjExMjYwMjU4MzhaMCQxIjAgBgNVBAMMGVNhbWxnYXRlIHNlcnZpY2UgcHJvdmlkZXIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDFry02eUigWULblBYNR6Srw4lrytyi7WgiPmtBBvTSHwTFzTfkwvPW8WWqxQcp0z1lfkLeQ5+nmDRx3u5GWc40loQrBNKZ8Vs5I43pBYu0e78xWGwn0fBwLbCooBLkoxVt22zMFS0R7lhx/kX1m4lB2NDIa5hoonXM/EUyVXURyeteaJSuSy8JyP0l1TLQX8DehX/2nnRGqWUqWR1+So3+EVR1eevVSr8NnwyB26d3Yeyji1Yh7qX9Bpigk8c1VYaEUppks84efi7DEFT9xZv8D3j0w1ln/kTGSPr/fckHOraS2M0iWJvqu3+X/taYAJ6uwTUCUF72wLVxE4rWHYPdAgMBAAEwDQYJKoZIhvcNAQELBQADggEBADohHfxSoougK+lS42Gep0DhfAKEIlja7Z2nWkVGnvJc8ibA5Z7oECuEXHTwTc2VGUDd5o61PT5Ek5447M7ducLS9Jk5wxOUlvAF5vs+awsQz9eAoBw6H6R1+FDZZTLIBakoyO/GE7MLDwoAD3t9Q+u1lc5yye2LLeFPuO25YYren+1kMMo6/hJmBm+ICBdhP1+Z6wsuSts70qWmENujBjjq+F5JJVMgzrD4Yn+dtiJVJqEHm3ETA9roQsGeBTDJXhGzbPVMtbjrheEUnkFh0SVb+wRAVUU98AWr9P6JeMIki1rCNapFN0h0rBT7tEdtD545GQqHY7bN2u1ObioYoRk=','-Y-GtIeuHBD9MvBmtV37XWv03xAZN8-UKhvZGM8Ifl8_ys6FkG8NSgqwsppwK0SQKkjxHoH1waOtnQy0N9YsGoWF2umR2xyOmBOF-heKs0TAzPnvoeho1-42UrsYcsF_atbnBzNsZ9NxQaSMaP-HRTXAwD84PGinnGOF2M_Luk9P9My8rNeX1dyig1FQykTJwleACy-WNiSe_22KCdtuZZ_JAKc4lP9Zs2aObVUY0C4Aab8R_v88s07uTCta2xu7dwu7KB5vArlmvLWa3CMMmyyKwQfBtVGaao3ISGmFJdxzpD0gka0V7PNnmjXzqm-oEAVWieNnRHfYKH-uGKECw4SsDp5VPIdD_rEbSBk6-5waCWWMp-HB0tc5D3H5BKXA3Y9j_8vVpKa3yQD1vK9CrDx1u3VvirbQoCmMxp3v2F5__24LVEui2GFgXwjRHN1K4vB0AuT2pSrKiXGIFHdUmL4OCrUqSEjmnshgzm5uvH4L_otPWJM0zJk-bsjMsCZrCvy0E1U-Dwt0a1LvI40NRthpJWjfLXc-bFoWJGQnhPDbzPiHrXGXvaZVi7XKmbyQZ9zuf5HGdnDtxqZLUvG8Ll76DM_VWY33vUExc31YEy51xfStSVwhm5whklyU6dtRxQtSG5paSJaVF6-JRXL_STlMM0y-S1vB1JGO2FQnFGd3LEnwcgplgBVWDWuUW5Qs7lOx19dLI4Olx2cXy-gSMS2ZONVPQLY4FJVV1fcJazBaCM6lFkLDUmXyciSqK6xjnNpWapnkSyCaUO5GnzDjrZ5wtLDRcVsDuuJPY6UfOmafeEI3zcB6vCDz659lcf9Mh5wSoTNxLS78YvSJ81HYMEjFGEiRZ2cw7R3arW29WONtg3COAqQIFYHh2tMW1_oRqt3qt8NMG-_eltZaAABPCOJ-SIYsf9tOtkM4HQQqJuWpeX1UqLUFL5G5RuSQSTLJQ_UMLpxHu9OiebXAlCvmJy4HE5_ut7rXt9dZS3MAqsuBLY1VsACANfzCIZPU-_1LPE4aOEmo4xcrxUy-3TzSMyoFwaxGxOauZGci0EnnVAZsxdn9-Y_ilvMhr_7NUN8V2qf3w6ssfArrAM5wdRYYGvMa0SPzGtHtUi6BXB19xgYgDzftn-iv6yXkbzWvlButh9Uv2yw1HweL7ow3FLUFdghiaJifDVvEs0m8JEsoHAEFeViXPqgacoxWtnUnVqCn7zolrGlYzGqyqbAn4MWY8k07kw21EWisPLlIjK9WPtvap1Z0DyYPJsWQ1DU_JIZzXlsMEB6NFdx7doIJejf8lXFouVE3lHybUJtMZkEj_FQnKr1x8vUAcVwFvAsQ-CbBEsPzP7d2CE_UrVJqT5yviOW-Ex6FYTIc8BPM3ciJIFSFe13v9sktyGeKTaiR1Uy01xcKvL9SABbZRuD3Mj0qY_pXZhZFL01i6cjYUZnRF5AzfldjAcb_lRppY9U3gYdOfYICr0eibGFvJecE7yy9mAHVmKxAQw8OkcuSnEwdnUBxr82ThGSpQ0soxdLVP4whWxQWkr9Rz9BQrrnAi6PZdCACmyHxn_qt1xb4vTi8inPx2NVS2WKa5kFPTgYVLxLMnXcC8DWdoauwKG04huMmyB8sbHhnYTuwMqkd7O_lLm1NMCveEZJC-2YWUbmfDw',1795921118847);
CREATE TABLE idp_keys (
    idp TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (idp, fingerprint)
);
INSERT INTO idp_keys VALUES('company','68f9642f2651e6f2a8d6590021532b6c77dc6e3d87d6b78c00ab0ee66ccd52ff',1795921119532,NULL);
INSERT INTO idp_keys VALUES('partner','db0b1d33c1a240bf6f20d11f41662a2c29579beeb0f381c02e847f60d762c73d',1795921119573,NULL);
CREATE TABLE idp_metadata (
    idp TEXT PRIMARY KEY,
    tried_at BIGINT NOT NULL,
    fetched_at BIGINT,
    refresh_by BIGINT,
    problem TEXT NOT NULL,
    offered TEXT NOT NULL
);
INSERT INTO idp_metadata VALUES('company',1795921119532,1795921119532,NULL,'','[]');
INSERT INTO idp_metadata VALUES('partner',1795921119573,1795921119573,NULL,'','[]');
CREATE TABLE history (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    address TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    document_before TEXT,
    document_after TEXT
);
INSERT INTO history VALUES(1,1795921119024,'command line','','group.added','group jira-software-users','',NULL,NULL);
INSERT INTO history VALUES(2,1795921119097,'command line','','group.added','group jira-administrators','',NULL,NULL);
INSERT INTO history VALUES(3,1795921119148,'command line','','group.added','group jira-testgroup1','',NULL,NULL);
INSERT INTO history VALUES(4,1795921119198,'command line','','group.added','group staff','',NULL,NULL);
INSERT INTO history VALUES(5,1795921119358,'command line','','setting.added','application jira','',NULL,'{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$PnWL90u/5x4sZvvQhN9agA$LdPWAPnAVDlo7QH45PSwgefDuuSVs585jlT99V1a6Qo","allow":[]}');
INSERT INTO history VALUES(6,1795921119424,'command line','','setting.added','app jira','',NULL,'{"kind":"jira","public_url":"http://jira.localhost:21000","upstream":"http://127.0.0.1:44729","applications":["jira"],"opener":"one-time-password","reply_path":"auth"}');
INSERT INTO history VALUES(7,1795921119505,'command line','','setting.added','application confluence','',NULL,'{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$vaRSrjZFEVFSh1PDDG+YXQ$RoMerTDI+AXqtAlRDuGkvOsqo12pHgZ+aCY6l1kASf4","allow":[]}');
INSERT INTO history VALUES(8,1795921119518,'command line','','setting.added','app confluence','',NULL,'{"kind":"confluence","public_url":"http://confluence.localhost:21000","upstream":"http://127.0.0.1:9","applications":[],"opener":"one-time-password","reply_path":"auth"}');
INSERT INTO history VALUES(9,1795921119532,'command line','','setting.added','idp company','',NULL,'{"entity_id":"http://company.localhost:21005/metadata","login_url":"http://company.localhost:21005/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21005/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIURWzGXncrp8Vm1P7sekZLbnTN6sQwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhQFvLPY3EJ3daCSsZUhavBdze+z42vC/lgNhZizmWaCqQPtXLly+Q8EOYr+BUHBXHnAz1/c8l4F+CfafneYHa3EYPXLocpVa1s4eDXbqLyEmhTeLmDy3vJlUCWhtPxQYcke0pngRl6DpkgrsvxkOutXm/RTc8w2gEQQVXgTOLusLj9reaq9QBKb3pGhKZu13g/W87AQf7MrLGGPyvJVwcoqyxhoTegYtBRnnwsBWODaIEPMUGyKkAyA63AsMefDopisuxUU6FV6OPC5we8DbY+CY0zUqN5l6T+O9ZEuu52OyIBeT4wnru/MPdqI0L103fNc3cyTiRFz4VBD9L+kwLwIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQAWXpsfekyVr5iClORBxpi0zO3DJ7lqyzfC5S/a/fZRX7ezS3EIUbKaZrxi25sz0WVH4364moP6UqUWVVE2ahYMAPdlmIEpt6xUM0xPML/ydyoDOLW+pQJHD9tREOv33L0gUaCcv7jzMSqgF8woNxVJKPxmYxILdYMRI+jUBx/M4hhfMpPQp9CPhXs7EcTEmD+uZQi6F8Q2bkqCmiP8svVBi+kWRDwzBN05Rj+fWIb1J9hWLf943V/ZMmhrjsMjnH5wDMc3gA+YySodj0gh32FEcn9Juz96B8WL9CWYpAoBQ8W9h8cltxPFdNH+ZSZHlC5kIdZBm/jWkAauA6UsrPhN"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":"auto","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}');
INSERT INTO history VALUES(10,1795921119573,'command line','','setting.added','idp partner','',NULL,'{"entity_id":"http://partner.localhost:21006/metadata","login_url":"http://partner.localhost:21006/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21006/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIUKD0aGTMl2toBeAXpe+mR/ZG6CIIwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAz9FUKsFabfgstqhpimmXogPf8/b6/XGHDnxGydjrQCqDFnbnLguNt8FKnCpQGDoH1JGsxOz2IOaD9ui+bAjx+WjsL908xZpk7dqVS5jpZCP8NR5inFbKiheH/fa+9ZybWlDahvnfIj6GP2wXpWFAfRqq8k1wNDK/TeuW/ivRGfAHLOR5WYdXJWqaFKGxUFjNlHJsFTit235PXGRaC0hqeyz6haVMz5Xq393388DWvkNOJrKChKIs9j2TxklXJ07bNp5uowbX7ZVsul28Tpm3YKsDM89L7vON7bjFhOrCZnn8W2sAzihW0qTxbem1jtJ1Lna2xcCIZUBFX/J1xdRNGQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQBu1K+dXQPPxQYFP28A4dqkU8e7ExbnpptjU3a3uTFcaf5p4GCmXr33KPxS8hXL1VJyISogsqs5MYSPAgQdFr2Z3/3uouCgHJ+5tWzynLLE2V0uFK8fed9jm0fFg+IneiGT/M31DYWuLlhKXpmxZnzi9waE9AaXLcDX97aDFX4inbBzsIsJUU9QxCdpivOcESA54Ioaw9x1omSeB6+HJ3O1uC2KpJgdRl4ruG/Gs/cqho8qyuTAopQNAVWdyIZbI4dK9zolk5TytDaL6qax8Nvd9nvbldJka05Odkkl+NrFgEA6H7sScxJGHcv02Uq6BUGYsXtE/24G/wGXxS8UuMMs"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":";","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}');
INSERT INTO history VALUES(11,1795921119615,'command line','','user.added','user gonzo','',NULL,NULL);
INSERT INTO history VALUES(12,1795921119662,'command line','','user.added','user kermit','',NULL,NULL);
INSERT INTO history VALUES(13,1795921119722,'command line','','group.user_added','group jira-administrators','kermit',NULL,NULL);
INSERT INTO history VALUES(14,1795921119738,'command line','','group.user_added','group staff','gonzo',NULL,NULL);
INSERT INTO history VALUES(15,1795921119754,'command line','','group.user_added','group jira-software-users','gonzo',NULL,NULL);
CREATE TABLE history_number (
    one BIGINT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO history_number VALUES(1,15);
CREATE TABLE console_sessions (
    token_hash TEXT PRIMARY KEY,
    author TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL
);
CREATE TABLE console_tickets (
    token_hash TEXT PRIMARY KEY,
    author TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO console_tickets VALUES('0f6438b0640acbe7bb242e22dae9d33756ffea5318ffcf06474b5fdffb1f1ffb','administrator',1795924718997);
CREATE TABLE console_failures (
    source TEXT PRIMARY KEY,
    count BIGINT NOT NULL,
    first_at BIGINT NOT NULL
);
CREATE INDEX users_by_email ON users (email_key);
CREATE INDEX memberships_by_group ON memberships (group_id, user_id);
CREATE INDEX child_groups_by_child ON child_groups (child_id, parent_id);
CREATE INDEX claims_by_expiry ON claims (expires_at);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX one_time_passwords_by_expiry ON one_time_passwords (expires_at);
CREATE INDEX attempts_by_update ON attempts (updated_at, id);
CREATE UNIQUE INDEX users_by_idp_id ON users (idp, idp_id);
CREATE INDEX memberships_held ON memberships (held_at) WHERE held_at IS NOT NULL;
CREATE INDEX sessions_by_name ON sessions (idp, name_id);
CREATE INDEX app_cookies_by_expiry ON app_cookies (expires_at);
CREATE INDEX attempt_messages_by_end ON attempt_messages (kept_until);
CREATE INDEX attempts_by_start ON attempts (started_at, outcome, code);
CREATE INDEX attempts_by_user ON attempts (user_name, id);
COMMIT;
