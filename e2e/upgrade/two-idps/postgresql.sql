--
-- PostgreSQL database dump
--

\restrict Eb1juumpm9zjSTBRXhrE0fTnFZqH0BOLiwtTpTAVAwer2gu2XIMhaesbj9bfbgh

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: _sqlx_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);


--
-- Name: app_cookies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.app_cookies (
    cookie_hash text NOT NULL,
    session_hash text NOT NULL,
    scope text NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: attempt_messages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.attempt_messages (
    attempt_id text NOT NULL,
    sealed text NOT NULL,
    let_in boolean NOT NULL,
    kept_until bigint NOT NULL
);


--
-- Name: attempts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.attempts (
    id text NOT NULL,
    started_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    app text NOT NULL,
    idp text,
    user_name text,
    outcome text NOT NULL,
    code text NOT NULL,
    rule text NOT NULL,
    hint text NOT NULL,
    detail text NOT NULL,
    address text NOT NULL,
    timeline text NOT NULL
);


--
-- Name: child_groups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.child_groups (
    parent_id text NOT NULL,
    child_id text NOT NULL
);


--
-- Name: claims; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.claims (
    idp text NOT NULL,
    id text NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: console_failures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.console_failures (
    source text NOT NULL,
    count bigint NOT NULL,
    first_at bigint NOT NULL
);


--
-- Name: console_sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.console_sessions (
    token_hash text NOT NULL,
    author text NOT NULL,
    begun_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    confirmed_at bigint NOT NULL
);


--
-- Name: console_tickets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.console_tickets (
    token_hash text NOT NULL,
    author text NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: directory_groups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.directory_groups (
    id text NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    description text NOT NULL,
    active boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: history; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.history (
    number bigint NOT NULL,
    at bigint NOT NULL,
    author text NOT NULL,
    address text NOT NULL,
    event text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL,
    document_before text,
    document_after text
);


--
-- Name: history_number; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.history_number (
    one bigint NOT NULL,
    value bigint NOT NULL
);


--
-- Name: idp_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idp_keys (
    idp text NOT NULL,
    fingerprint text NOT NULL,
    first_seen_at bigint NOT NULL,
    last_used_at bigint
);


--
-- Name: idp_metadata; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idp_metadata (
    idp text NOT NULL,
    tried_at bigint NOT NULL,
    fetched_at bigint,
    refresh_by bigint,
    problem text NOT NULL,
    offered text NOT NULL
);


--
-- Name: memberships; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.memberships (
    user_id text NOT NULL,
    group_id text NOT NULL,
    source text NOT NULL,
    created_at bigint NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    confirmed_at bigint,
    held_at bigint
);


--
-- Name: one_time_passwords; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.one_time_passwords (
    hash text NOT NULL,
    user_id text NOT NULL,
    attempt_id text NOT NULL,
    applications text NOT NULL,
    checks_left bigint NOT NULL,
    checks_done bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: properties; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.properties (
    name text NOT NULL,
    value text NOT NULL
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    token_hash text NOT NULL,
    user_id text NOT NULL,
    idp text NOT NULL,
    name_id text,
    name_id_format text,
    name_qualifier text,
    sp_name_qualifier text,
    session_index text,
    app text NOT NULL,
    attempt_id text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: settings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.settings (
    kind text NOT NULL,
    name text NOT NULL,
    document text NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: settings_revision; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.settings_revision (
    one bigint NOT NULL,
    value bigint NOT NULL
);


--
-- Name: sp_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sp_keys (
    id text NOT NULL,
    active boolean NOT NULL,
    certificate text NOT NULL,
    sealed_key text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id text NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    full_name text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    active boolean NOT NULL,
    idp text,
    password_hash text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    idp_id text,
    signed_in_at bigint
);


--
-- Data for Name: _sqlx_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public._sqlx_migrations VALUES (1, 'foundation', '2026-11-29 02:58:40.939688+00', true, '\x47bef2b6ab1aea6edf201bd527ea9db0fd7a4a1d50d7844837c638d98eec9bbd3478ca1a986abf8dc7374e2d7cf984d8', 15199797);
INSERT INTO public._sqlx_migrations VALUES (2, 'provisioning', '2026-11-29 02:58:40.955627+00', true, '\x42e618b1081dcbb8117dce04c4f2a61affc7a04f3b41b07223aed94fb5201ef5427c24af785f5cbb580773d817e48092', 1928089);
INSERT INTO public._sqlx_migrations VALUES (3, 'sessions by name', '2026-11-29 02:58:40.95776+00', true, '\x449c7351ec4fd361eb01d99f56559014579febabed6e78a91c44e5cdfe23d689d56bf48c71901f37d64b5ef36cc7a65c', 998163);
INSERT INTO public._sqlx_migrations VALUES (4, 'app cookies', '2026-11-29 02:58:40.959055+00', true, '\xb492ab8718613d9b20605d5042482a42b364a4b4c97dd99c69f5ba70d0b5af1f6e086c85b2dc0f02a09bf2ffb7b10bbe', 1772432);
INSERT INTO public._sqlx_migrations VALUES (5, 'record', '2026-11-29 02:58:40.961071+00', true, '\x589d923089bdd0ee499da083c6614795e0956cca6be97e9b06d80c9a1e090ead264399b5587010ce44db3d8207b52211', 2303852);
INSERT INTO public._sqlx_migrations VALUES (6, 'trust', '2026-11-29 02:58:40.963579+00', true, '\x315058a8405368277cbf8be1bc24fde084f7fcc92adb2873c8d4408f5fa86ff2c3ca45611dd0f8dfd441ad8a0e0ddb30', 3413896);
INSERT INTO public._sqlx_migrations VALUES (8, 'console', '2026-11-29 02:58:40.96731+00', true, '\x7e17400742fd53a2bcdc28c8a22708d3c8184f3ed3c2a4fd68a9c2e0a616b3abd8f32f67f89de73bc34a7f5e58d77417', 5595205);


--
-- Data for Name: app_cookies; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.app_cookies VALUES ('808f4fce6afb7f8381f38d387173828fbceedfbbcee7f0e5e093328cb64901a1', '2248fd3e08a851d6203dcd849495c35a7b681f821adc58b65d770059c35ff5d1', '; Path=/; HttpOnly', 1797159523431);


--
-- Data for Name: attempt_messages; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.attempt_messages VALUES ('01a2253d-985e-7a1b-a658-af596b5f8673', 'e1n9JVgQpnXmTjEkLV3h5Myhts3XJl6W3pbwKxiB_3d5C4bIytqAx_WTxRorQurWhOptssVfmlhUKZYw5afvM4G3PxNyDTylEIxbVZZA3OuZ2aMi7q7-QaMioHEUe5CgbSWgssL_LQ-Svr7nhzm7ruvPqoCjIoHlhqIoMURDNWJWGOQsVGIpwJYyWhwIQX0yQrWpivlJARTSc-BXA1LWejua6a5PT9qfMUi5H46WQzJd-iQZSdZz15TPU7v7o6xn5Gbl8_GK0BwuAdnq_FKEddKssuzQRrLJhvAPrDIqsJTXi9RKKvYPOs-NAKrbyN4RqXsz6f7oH6ybPRjB38Us2PcCC5rxLZWE8aezbYDEUt5N-ktj04tKSu98dlpULcvm5UKvT6aExv1Y1jfs2WsmMhrPstQw-kQAIwOONHPZgDaCSXtHhdTKWNBClja7SrsD_tFyGW37L-S8pj9De69wKooYAnBQS1Tbzz78cKEcYlSaQmNkN1rlFzrZHT1t_aE9MmEw5MgNSzmykfJwrb8_uVKTr9fH5xr6-qh4QeHX29qZ47vhYbb1k15AnCM0rrAbH4VVjqYdILuh8RAX4r6X78u5uRTC41D_wWRz80SG-SKc2keC2B7kYtaxpbTH-q-pAPX577JWbOXxeEo9xYCJLak_yi9-opK1lRerA--mfFyydyhp97DedW-wrGXC_3eY4dSWp849kBECdPDNK2T5eI_2GCDu-SfLqHeGbeeSbf2JM5-64_yuGNk6p2Lz6B13RKf5GhipmRxYf-vVk4UAfi7La4K0guNYEhZi0H7KsqBS8ye36aMBO3Nf4HNyWRm9xxqPA43wgnmiSGupzrXZoEAIFhJfUevGz7Bt3T5s1hvdtCQn6DsdGy2x6Ej31p-zN1rNiT2OQOF9F5wRaNNDm6pc29R1GgkagG8U7Z3enjw3fbzJCO2Z6Tg8DO3JflRxIyG4XQgigGc6knWePKrEIreXbojEXg8qRkS7VCTfW-PZTO_KUpWhQ85RZxkACLC-nb14jCuCI6KoC529UUouQCPZhDQ7Hm_HSQMKlHarpFFyLcG6bMyf0k_1A-4G3rllya5SRAmr7VWhKQ7AoVprrcUjxHZS-4GlOJYhaip2j1ZwSoDJTRmNrOwiyddMToTAxUpDYF3qY2cV2Mh_CqqPYRel5Z1rrDYleZc3NDLBLqpnUrRmZAeA_aCHpEiabU5xdH1xSxG6tR59d7fAEzV4rjXpl7ujmN2D_E5m6F5edvTYhX1Y701-cEqhFCOgeWD6ctxd2HE8XzYjWxxpUaHij1Trku9wvbIGKjN9NS7QNMhHem-lNP_J1g_bSWlNuAfK9okR_bxRLEv5XzAP6lCo64QPp4QWtShOW-e1ngLwdTvomWiGqjE0bBetq5DDJCVXN7-QRTEKypCdoGdS_VNj2iglp8v1xUIMkAlh7Q7yytTEzQ8oH9Ozpx38Qsnh3BZPdONf7I2X7LmqRDvpcs8Q6onyiJn7O6nSyM3E5ND4U6zvZbYKzjF49jw_lObiHVZ9PlEJGdP0ZsbRli-uAuXT0K3STis2qz0AtH5RskiQE9TtIJ6AFTcD5tmQ4edEuNe48qa4Kd4tfOEsHsGNY-IDJRhjdtJuvmnntHGh1xfCYfdTFaASHyxIui7Zl2YVtoViSE4Vs2IQeR8pgUNyQqCb2Dojr4GfVWnBs-yiSfldDrPdpRrNj3xFZxIslV9wjndW3xGQS_tF5ii0722sOS6r3UHD4KxIgpQm58uMsf-PGADEjJ0PHPZQ5SVms2v6MLBSMtak_Urm90Eak1BTU9_S6MV2foCd6cn9RUdK9Czx37UcLlA-X6EIvpNI9CTiPFEVRNwIK1HReSgA4EmQWpnorJqW2W2xnx8vApXu88Ri8QSyoniUfZaka2WrD5GGk-G6KWlGBppj846PiYk3IiHve9p3eohI5gMqOIj2uvGoReOZ_AzrXbHCJg_5sZBtkzix7Q16g4200b82v01wGurVdpKLIz7mq8QGO57x9jP5ul5XiyPPXyie63bJR_2qEQF1gyYKoPe5gDnnsoa9lyzHDVPBmaK_t3jG9_mmrFzJOuzUIiAUXGB2m9UmBn4nqy8YkDN--gl6nL8dDrmT74paNbq67R2yXy3OPDVl5S2EMY2kLjOsVixzY7gPEDpFaN5ZhfuCUL6hyx8awDLiKCFdoGestTF4cySYmkzK0i-tbqXcdc2IXQqjmxb6W84Tk4c79q_IIdsZ8QpwlJoxaFn85iEnG80b68Ej452AguSOy7mUPdopkQ_PU9_fq2PhQm5ajMAdBYghm0Wc9BVy2ETbksQNLDeD4cA7X4DjgPjodQnOSdlk3pckh-nhyKo9IxYbAlFkD9fKPgVhIjwydLFT5FghyyWx4XoAfWvdT8zRpb0eQiIsyVqyI_W5paOt1Czw0Pt0IxAD8GxPgub4grqePbgLGKFDgElHcp0_RFzzF_Yob4bhQ1byaJR42vbN68bqywX8lXjgszDe3UEumhhAyWPwi1xyfIcXyPzMMEbxO8um3IQ0X3SK0kseZOXsFGt6i5mIaDQ7wv0FRKD9wQO9_1hu43JKQi9jLWTDZgCUYN2hUZOvhi1_q_OTCfemLvUt-j0lFJRyz-AgUSm1Hna3TaOw_xPLNN8_G1BoxEskx9qLRtaq3os4T0qWnYayvRIlQAJPrR1f_Nf-_MPPFpd99_PAWbBmBY93oRzx1B_CC7WJeopS1smgrkYqKeQ8f3se3-SVaNIdB5wc_2U6Wu7vt7HJ9KvM4EZ0f1kQ3EIlzeyVpl0l_GOCjTaiN8zku9f4p84K46iZEEunnYAUGQat_6fze7l3LYQvgERrlwUwZuCg98mIRzyhTciwr3yV147X4K_0gj093aWXEsWLjmtELVHYQfMy8K5l1Gmpz6xwNSqSLMCiY9zKwUxnxndCaNR1nKxM1XcJnjRxe4r8lEizzZLC0UIiCo9gYJH1qNZg7xiLMvX3dn-e54c1jjDjcoFbFYhxF_gHLmHG7dZ8grVsKonuE3Wxz6Eww6ewcClAGRLV2NpfaFFp7alGNYjQwTKI5XDhbA7ueMMkKuEAZCVwYbyOfBJAj_C426ySbZiANaysF333SezFYUbYUdx22qOgmiA9Jud2VW1B6Yv3lhGanJwIW5wBxRYu-LjwUTC6DO6tl0LorxMiqxt9We3EGafny1RSZW3MQAw2moBEbmaEnGiRk_NJD85gTampygteZyPDFbYjiAuEC91N2D8mBjJgr5HKPmHvqK4nKo7OgGnHkQo4ERC4aH8Sj_GauqEpm54dNj6ofKG0WFO2c3cAIoUU81C-0iyJ7rfSJlnkM_YUevcu5jBzdhkjsTNfN8IbgcCkhYHrLvyWesr7g6Gyslt_VQt5msK9CQzTjyRnxo6D2L6qzUEMrtoHZ1F7lk3VicQm4c15OPnfkluSqamLvV81s2NT4mtzUuHZLF8vc3rzb3LXOVjwzOI5yfpmWARzjm3o_IdhqcVzHCQZHljBQVrxNrcIgZjOz23bWc_PIfru1mQnzp1OlT6GaaZei7mCrSDzB4HX823usYrUeLDD8GOrOPqDwToYZqQmKwMF5sZ6jsh9WvIKM7o5HMozSurOG0KwlKBwtJu8PdB6_84XxMXYOhO2wYag9tUmRrqE4d6rkyhnlHhB6OQxCOzwYUTmKhrAkge9su3AqT-J75TGWTXZZH1rscnwDCfpGswOsG-sU69VemwvPZCTEc8AdziheSu_qcOAGlOkXLshYzQX0MvFLuXwfRxjpWQr24bn_lB7wOKaVO8g980WzyAAXISkxzxQAeeR96ujd5Ii8A0yaBT1HEmTYpzTGjWrQgWRE0UyN0zFG6fEDwz1jnnO_rqaaeAgG00zQMsyPLpqoJEoZgzHZYLQSGgZJ8ewb5ub80sTFJc69kphee7xlImML7KBDbpzHz7f_tVHb7vbIamHT993uDM8mhWUuRUOOBwItYbxxFLdKSzP7NFROHYXwklTodBcSOxQdLb6oOcG2ya4xkMydDUvOkSApxslFst4hENvs2l464BOWv0XpWj0Z0La12-ecAmvGgiInrgW5anaM8pUyZvKNdCaXyp4FIMHvbRu9Go6gx2nC9M22w9t5PH_Vb9unzKAKdqzlHVLdRSEdWLvdxv4mhLmesuK68DJ2iEwjnu64iZIyXNEEO75YWsS8LMKK87ECluug4S4d8f2DUXESOkSa86apcnMMuKYxpBp1Cwppa-6l_ekwfgfXrPBLatDv-5NKAXBW_dUcKyjTOk2-6VSlF1cw__zXMxTMkC_52wfdJZL0qrbqPq7HXKTKOfy34Pb5QO3DRvF7xf2s5tOZBO8Ok8Nw5TAw-SX9eueHUar5HKPTysMHTzLO19CpzEUQCdiBut39Lry882phPlASV3U-h5svX8PdMumC6_F0gjQlw3U-H1Fv1Y6xeJipNkSP8mqZpHg3yZqhDHaOJKT6hjY8vy9646Gnu75qKAfoAuRM08fVD2TFj_MwktfI6xapIWuf9FqRs5T4OgBi6_WeUl1GnfffCRFWQYikJQnlzw0xDFLk5xq_-krSm39Yur_YMnA_72KW-JvHnp9z8rRvo3ACMjZ1J4YR7dML3hA4nifaY0bmOtsRiyJ64M1llUkGHb9s5APOrhTUKZNHpBf_-yjwfTfBCYHXTJR4G-f11ccfAdK0ULyIDAMEejWVeO0V1KyGrRphPRYyhp__T42zPeigXsxapigS9fUaRKOo0UFdSv8onvCdXMLglvkF778wPcK1lt-bdfGtcnHS7rn9SAMfIt_XXQt4TXSBJAa8VOGNaXl3Oak6HABVXFaH73tE3AtAr6d4u8Rhr3AMsCWhzfcj_ZA3xIG_zNtu6qJm_EBmBhK6SJYlXeHEGcKQ0T27A6JzV7uozD9L2zyblDnooMtv7yWwTPmbWkH4ry1NHkc4TUYebYewiK8FRsL3QKUWBWiUvI3NceWcD9nvgLYFkGDIJb49LuRedtMGkd9v2fSyCyrKrXbR1_fkPTsPifdI0ZdbG7EO-Z2l_4rHIeQXWWzs67DTB-FLbC_RJjXT7ZEmAxmUYjXzYQk5496OkLEl-zKL9xToQ0dWtaH5NH4aRvtgSuYEBWhzYOlgm04x9Nuf_UgoKmBY5265niq-hjjZEfosT8eAzlSp0Sa9-Wh1uPYmBur_A833YCf2wFO21JwIxUIhPXzAk9d6lLTDKDIBZ1Vd9_3WY_ietoR38q2JQH2_FpfGmHs4eTcM3VEms_vPez6yTggwxJiuRFRtIcn70g9mt_SnVabxt4gQ8eqRx5c3EH9FeKG1mbndAobQAS_xyCy5Kj5LzHIQivTE8uCVQZW8qu3qZ5w0dXqgsKbrqlLmgJ0ifvqCV_QWQwJIIqrlEL41qSulaSfei4O5Is7NuLWqFyQvm2ORb0BH5UR-p6Gjw6z-xJ5tb_kHLJdKOKrnI5ujq50jkJdcouvwGEfS-w1gExldX-M2jWkTgGRwFjfsv7EgudA9R3ZP5AYDnQvdJT2ChG-ezD6bLQ324xdLPIZICIsGh7HwdtsYvpSwaerxMn0Gz8obLVjtFON5ZpEAwMje2NFW1hYHx2cZDlbKJg9Ie10M6dVyqMJcEoClKg6M7L36QfasG4TE3Z_-RRsdIzNADip8Fafdn4knv2ple6Wnw0k7-anf9B5bqOFu-VCeNfKDQpq_fRlKacxR5EkdCRfbQ4SRSsw9NRR053o7sAXjPkgRSDlWwd25BGuBDfAj3-c3z73NysQF-jO_Ss5uieFEpfoP5xiukvPQYre_K3piSd07qQSKasEAenHik6Bz_bxZQketatzrBaZnRgtfELY48hU5YCWXyqi0W-mx3tq799p7St_4ZDPIT9msQcdIC7g6TvAsyhNBArpmGMXfXBHhilQd1iw1ruk3b5zx8tA8aLo4RWF5A2vMPOfV4sxCZAjbjJ8wmQXczRSSkEo-wCOw9bTpggJ-1Gh9T4LV0JMuamy_jwrY1G3USzl35EQfz-15wjMr0r0HrYSzAOUAQHuZjbaAn26klQAjI3di3_H8eRF6iTYdp-or1EKc3KThDsZDPRsa30PMz8bGIMVJfuwmBe9Up8Pk7jQjxBuziIVs1BEDoZ3mFgO59TZUUpZ3WTXmRnS8BvDw7s1-rhZgRJHj8WbXr7BQk7QmHNLEWUojTR4EHAlOq2TAYP7BQZUg-of7ZufpxeVGSwtzQEO615Frn9PsHNEAV5jSPvGJJ4Jnjw84iDYIlbNqaeIj9p8EruoNcl7_UlQElGHc2u0hNoq4F0JYoiN0cxjU8vSdQt7Sd2NKq638yBk_7n6t3DauZtAuhzr5ZLLqEYOoXfxobhFeKe8m74uzqTHghe58-qPAtVILSFdrnaN09wLbF51pPwEsl8fFFCLkfQLkJFcf6HgyRIcOnIVzfuvKg9kkarLYeKo9K70sOb6XNFd-mMLwd1s-I8vroGj-suEwjx3R93PYRBSe0zvXB8eqdQCkHTvKYjhNW0lxpXc-3VokhXqHrH3BEoeKAJKH7hUy2Sx0SjskBj6rtC88qvD_DLUR6ar-jb6RviKRWx-z0LD3rEGnmoBhBPB5vX9jGG2RLPhEtQvwbgrSK8ySOWicPNqVtjqOuoVcTD1hQ1CVx8muA6oZbywOGj9GZGrADN5tNEht-Qosrk4RsZcj5T-hpg5XryxNnOxSsuRybtS61x8Odua_JZ7Aw_BqF7ImzQWA7rfl7Qz7yqK_PAvSeflIlSm6DLovc47XZnCd3maG1qhrUc1hrcv4OcBQOo8Wr6eBK-lmD5cvyHnYp_O06kVQ57tmMfX5FDS7L5bkAZGQLEw4tzIFPfY4_uTLG_9Lap1MAIX-1O5f1rN6xYoglX6uwaoOZyA8KdPMx2OoXJ1jzMaf87rjkcmLhey5AzKxdUZr_KJ_6wf2Krn16AvYeYGlfV6fNwlFzFBMhU6WyTKoTw5Iq6UUy8UIdGDhlqtTbVUNxEzCHqdqHe9Es9qYnyHIbnpZc1KnkBr8_jadg_0-2_GYbMZ29ImUY81aUM8-nZF2Q4E5OTdrxlBZ8pcZpNsdLEUxaMN7AP0lym1AdMPbECz1YyfhanwFZjwfsRwChSJwVEXCYcBRgpwKcz62W2LP1tgWADjHwD88olVIy0nGxDVJs5tPu0ZDSqNd07ADdQObL9dWv9UF_AtC3FKcMGOu4pemZ5D47HK8lQSTPX8H6F-24qSGHWz6cN7J0P0TXDyEYZcrN5MElzpSRkwdV2DIaA3z0Z0AVoLM1JF', true, 1797130723431);
INSERT INTO public.attempt_messages VALUES ('01a2253d-98c6-7685-ac6f-d23e1d1bd049', '_pRhiZGn5xmUJjZ_nQjuk_lq16Ap-JMjaXc7v3EBE72vXnmOxwT7mcKx4HSxnbyWKkB4Firpvm_wcKU2tFemfq0Vm06z20C1tGWCInFmZng9toWpaoxA38z4a_fS1tSOIfQ-tXeMf7mZ4RVpOIeGPWFNEJyFlMC8ILvsmTLkyazMReVJUi2XcvNJIPEjy_8HaLaO6FQVPhUzkyqnGE9fWlF-9dmEP2KGymxel-avWDahUbW9yqz8vACAAHwsgB7I2h9zlaHjS7Z8vyKMAkshEolt85OV8G7wwzKQds1G7S2KXjjv3sVauH77Gn4gjC2Cq1GlVCnwliJvxwsXMeEqH7nOZZY9OkMbpCzTdeTz-SxAE3pLTM42Ms2VIesk2eQIeDEeIieotqy16kg-v7vhUWdTIij0N5INQ-z8tlQqR3_NVo8n1Y2wH8lA6sC8wJJaJdKbZ08_y-0WaBAWyYgfkDEsSXpzpyYLYQ9pAQlIbXd8W3_Z_3sIbbcc9GNC0eCRoXVSGScmmm2u30U4r7WL58W-MufTaxOK3iByyQgFrklGJWrkzzBKXaAo66hKrHInIk6DALBLtFHHUOnyh5paNyu7Aol08SF02MJkW3R3905ZxgcRP-TlKzpCiZt474RMQTK8hGiWU7jpnN-3AJmUJ8ZvYl4et8fWgvxgtrf2i3auAKYHri9tmHw5eoc6_EbAcSCs53HY2eOdcGYzEPVQzDY8eFXLoSMiAtrxKnFEGBB0v6CMSnXRiuDvGIr4C9WnnZ-FP8_1RxkK_Kb00l2pT0dwpym8vFX3O61gqx-3PFj4S5p1cVThsTYA_B9ekkTe25ONuLy7yN5odgh3DXoiq_UJG58jNVz1JpY_OFk9_4xfh4Bih-33x80Ibz3yCKS3DIzfg_rrAgMvAcBJTVqaXWYwkV6GZNg7NiJLwTI-vgM5vRJfgMipK2__kakoxU5MAMVy8DKtj_wWWUFkmC3KQxqc4z-zJsssQxUqA1NrxQkIi8l5W4nyeseQKru9oZrrLjSj2rcNe6bxKIsXHE5gDnUrLaUyQiiwgcUZCOPSJ8OsQ3fTcbrYEyQe9RmgjPDw4t3bu4Zc_-3VWI1zCYZG9PcEJKFJJvDo2c6C59UQFBAoNeVZxZoo5i4UfOQOyZ4632V73537XnhRdchYPLrZKahkwPFKV0dh6t1gfFddHKOvj7nUKoxlV6GUtjWdlm-NHsunUg1G1lAnv87DptQhq8cWakmI4mzwd8AvUKDCoMTWscx5UAcUEnt6DtPKhSpe5Sh1yCnkwayPWb_X6Zrzv67FtGzbfRPKYTjpb9qoYPLN62FncrW-PptxsYtN-gNvbeu4hNcIuPLaNNU7Lmzc1T_zUJ3Y1QAsCmi40yqTpU4QQIERZif7xt1e1L516IS6W4PEM0z_J7FinRIE8ZH-eMGy8sAjmbSkNHmdHc75Fazsf97qiGtzn40iQBChRcIOGrOmOKbdcofg0buUYwc_i2_4B0SnPQ-T_SLmxtuqfknoSuzpnJB2ibPoMDl1PtSnDSu1UCWuLRmdKhn09rehwmo6LAGPLGAI6XbrVHkKTDsbp2aBu9XZbkdaBy6gDQZRVRITtN09P3Zah-UtAp5pHjPjakWftbMHsPIMKB72Ay0wajrvmpdz34XfqKdKqXH3vKk1dvWVAjBuC2ZJREJVx29ijl4KVALR-O-lgA0ZBKvlEaSNjcpwmp4a5QDkfyo7VEf8-iKvMoYaXgpeK5IAES3cue2IzwKtOjgTyzS6wc03TCX4YHDGXaYUHRTdSNnaW4uUllFs-x7IXRZ1Wy4LJp480UMVner0GlTc68kLxQgBrvVMjD6_7xGhnmx4i16ZmnwIGvnPaNMWlGyofMn9drNwiWzOTaDPf1oCpr8PXy9Ja9YCj_hgGCxdE9Ng7dyaawfQViTadxcUcKeeYDRLlZu9HWwO9VS894pKPT9PY-yX-t2abXkrFEvYKRkzcI5mOAScWpPs_UHNgx3yDEyS-1pk0aBdkTNEuqMsIG-CQ78ih8hkeGDH1AASutph8TeqVOQDn0mviqQzmRwDzehE58CJ-3LN91f2KkrKHZp-YloDetM7OBFGSYIXb_9PetZuaI2ELNUzpoh7XQT_oLCbEfBjZCT60eP4haSwvHVwnRsJJ7hHYyVohxSKg7gO191Ti4rVc5Yw0cZ3BjySrUStL4dA_Mp3tkFo4Uq9DjSLq6dyZYT8vKc9uHKkJbTdkhNL4wqBX2zrvvxgKrR2MluJ8epN9bbykY5ZKm-txH9YkEnq44hhxNYxlvTFba7ukNc_w6ar4h-drFKy-fyTBLbponVe5jhjwvnYCuZN7DpvfYyaSnDyRwHj7f0B2AB-5e2OxPxsByjJuGv4zjdmtackDipA3hfFWUpu66tEe2NU5aBTGwsYqtVf7O-Qb2Px4WJkWbGbUUM4GOMvghXyIZtMuan6E27Cj44NW2WJJ-u7OjIuGJ5QZq_asOr3gfOjFoi7-In7ltNOVe-Sa1aQnhr35OtNOD2w7heNHmIiEcoCGnxAHaKhx7ksLcxfqTxgb_7-3vEGTbuYnW4fEfloVxP-p-iEW78u25citulKrA5Va4Y_1zwAoZwTHUe8rBs8d_qdmq6kTw0PN0vr0TRzIrLaAj-vlythTo6P5fhouQf7Og_oTzyU-txuBfjnQbV6SiKlXR7rGe33urfzaXAIzmZ4IefT5dpxYFrG_hoPyytw5sZweZYO_auWiboFAgM0oM5RktU0d0y6JGuIfsgzFV_lt1zjD1Zj0BDs6M7AgqsR-6-YXGcLxwM-ICI2Ut8sB9aHUNo_Aku9wuF80REJKHYOC65SCIn6qkc561XTstgrx2uOatUMArKIkhjUzgf37WhF3vameN3TarMRKHjgnAEbad7DeYbIbtY8UaZE_Oq0pEE47KVcKdnyEsmNokm_Kr3BPHEZgt6A1Ezg-4Nr83Mf34ehVdXqVzfhVLIy_tGvyYv5ydvVpAeHrmisQBAqU9TR_lvdP87aW0Mluxk1bCsRATJLB-6qXnmlYCzMasamwt3CcZbiG16gbz6X2DLilK_iMDMJeiOwH5Xn2CMiqPz2t8sSdplyqPrw0J24fMkLKB6zHwDtQD0DzSzdLZqFhkHgWUNLPMtAZGAZoyyGP2nKzDLLceDHn18Vzkm-sgv2l11RRr6Xukzh4FwAgKzBVPju0ZVNiuvgmd_tTnXn-KozSfzkFoapofw1ukijk7xzggDEGUkhnCCiLHG9a-wWU9tPUNI-QAsdsXGUMsW2WH2yKtnR_jibEHg0PwocLb-DbDweqke8o-I6FUKs6oouH_8BBodEudGjVVAlpm3yFJpBNaok_Xr8DsJn3jxFbwo9ERz0SCLYOkwMJeq72txQqRUy6bFVfW7qQuFMazU9iY9EgMmi_QCBjg_muulO5deey7UTlwARt4lIIDD9AVDtSFU-WbkQqvwtmxvodfeXj2txH5DYg-eONsnbX-ADWRqiZ_3KdVswknJUa7d9NjMehSNtDMApUGQB01MIwhKD3LBaNljLn2F2etLW8Tppx3i1qrzjIwEizIaKrV3pdWWYBfVhRhARNZjafPRwX2K1mp9qapW-0RqNQknthBuQWVhBfD42uD_xuqsLTNHac0k_aMxQXbBzUjlaDwkDCMA_2Of4OJ2mkXEAi_eaoWfPAqGfxizVUVUwb1VcpxIosDVGi8bA_l6U4RvD0lRcyh0hUSKebY8MVw2fIcQt-W1xkAKthjF9OUU4fLQ9NZE5od-Tpt7fN4TtdVzut7c6Eh5WjwGybYWRcqQeQsvGo9DyNsqZlsKZ_iVm_nHUWly9Cwow1BcA3XsfYtjeBOBuh9pfn6s9AE30HZ1C_TlGyAru8o6gGx6Ag9mPQ5CEwPJCkcbjm2ZFCu0iIMEmBPsAmS2RI4C7ZDLdnNZZWKRQN4NUhq97eoVMF3FgVw-sJTWljg1PwUWDiJ4vDJ97fZh0MLr6kxotaaP24c13uXGkwrFuVBr1XGUmLzz72Ng8yfrBEMTQFCHyWD_08WRlTwvYM5tw_FAwHib7_t3ULl8Zm-mQBRJT6rkdEtKKFdiNtJi-udx3-z-raPI2jicUSBpEJKu2ZmHsw5I2l7nFMmUMFaaxPEb_G-ECTlPnnzZu9hUXj767IFrpyU1Blffpe0Iudr738g0QXmnAKVR2QC6QYy0wXLU_aDZ6US_ZVohGrMJI6-udwNzFjOld0GkxTEUmwhY4fAxG_er5bmOvU25H8SWNl3oAWdsGDsezENNuUU9LYLPzN2sg2Lyh0WOCJhIDdVmVbzdMGk_npAGMeC58v6_UXzZkJy4orMi4See1J0Ll6FU1TRdZuarrRC5_HE8LRSp3kSXnENvHxmAmUOmHj_UPXix16lC3YhV7HJ4qnM0J-fc5cNW2p7s7Lo7VgxbdJPrDEthDGgwm4N7yIoG1lev1Xd0Jp2DCoDlUTFamIi_Mw6aFVIqSZSLapJJ7PTch6WZvf73kXMDtiA8Bh111SAsDd4MNGUHilhIKagI3xQlmfxdMKzpLmG-V5eImITf4ZwOYqZ28abo99op1WIO3TjwmpfVyrFgMcXPdWtZLbGd7NcBbjmQh-CcIo-6bEz6UcU67UYLyuw29nqAJxFvB6kBNFFoOEo6aoFLx5GVYNwJpnc1JkqVnimxNffuKy45kmaVVnX7KFAzf6ePQiHn--LjpqB06MDD5fG_23QAwnEWUne2M7tDDRXgjuI5ClmTPrBa55zElYJjyY0YuKruNiDPdzwgO6t7mW0ylgLTun6qsz6d31QZlPtI6XGVITYP2BzHCXXFNJeUvPxzs7itJBfKY8e0urhRr6eWNy6OnBoflpZjQMaCMidHfODrBMDYQBvsaGy31hb9DrMNpRNtauCiIIX6BwhhSFYZLBBD1X4f0u95g3H5uqcMfV3zgr8g2U6GzOKk8j_mCTlvF0AgB44RumA6nvoAvI-aUs-eVTSB48WEg_2w4FT6toz9yGGBzkuf6C2cCQ5grr2VmNcF-TEeakI9GPyLOrHFVOKifRU3-sApsIGIMVBfFZh05JH0eDRUkJMya1y9bryX129uy8eSL9lsJKUZbanGcp_jFPoeaa8rKQMonZWLDxmOofY-gXkoea9p0s2eTSCUs8gNHpeHHsUhZsKuvDqtF_AohDRaFy6oFjzWKXJlmbnv4MSMOltLuRsselF22-Up5TzNnFANVwcBunGOrjiV4wlvr9qNQX5kRgCOmLeJtlrGSKyiobntbDQMs8-OJ5jJlrPmEc2hVIRZUGpcjMsHMLxcwDTbjbRTmSh7aukkvZF1PSwJWjKo7iNqDkex-UUEYs9sPwMqjJPYxek9P4gcTLWyWOzmFKHvT73heumlkFP_mysISm0yr92ptukmC3AwE095OYoiG6-qm4aNlWnzPD5QWa8d-q6tFQWONJaLL9P3IAD5MBxCpJaahaTjbCvaZCSHuGu62ph-hvsDMMp6pJ0lixxQwQ-KIYlO-1cufXoS4C7aqP034XUYSGwYa86lx1ualqgHnyx4jRe620YklOe2bYvaT01RF6dL_d_mJalSjVDCVDVyrBPTpf94yTNJT0LfcLSdJGlV9Z9Zxxp7OYMoJKtODtrOPQGaiSEQAmK3cjDPP-Hl4gkSwoLoEokYHL_rMozpKhPHW4EBRnQzfdoKjQKF9_wKs9DEL5vNfuj-tBKAG-3T6zMbHgIMwqTcIs4Jbfw-6ub0_H24AsU_0eCgV80DCsPiA4FYwsWky1s237U2KYFy0ZcJRcEa1MUcCK4lz-HXf-8vTKJY4cmrZZFQytsuF7mEN6rC_y8o0qF2boqyJeVQi05RileYfQpRlNGuNUG9qaVyyT4unuFhVq0RLq1gNSf7EJ1qQE3_v1NIJhRVGNzG05KQxV69XcEBX_7NJFvw4XAqwGWtaeHf2gDT3i1skwyBC9h9E_UExF3_UdnaOQ8TVTy_hprjeQMrVmxzCS9F435DwP1_2gjh_cxKuQXKB9cWqujoTA2ZFapY5N7zHTOVynAftTtJqSuYNgYf5LwNFMPFS3d_Nt6egI7gnDy8KYApg2s4FkaGr271nSc0Hcp7DwRQIv1A_Sfoz72kJLT5v6MVqbHLYH4tnVEXfqpoSV9zbExzmddx3Smo9u0mo-fvZD9U7G5SpSYLjoBKegytuJ4uoKRhBqQbSyNmx4hItoy_YfziahzfO-782-CNd6SAb1AYq9QMNI7S0eQzqspl2Mt5siC9E4RKPpcurwhxyU_OY4UTqziuOQFyZZ0niCe8YVpMH1c_Xrk2nkOa9ZwDib3I225RhuoKF5lpnLS1QhamjrVwm_zKRb8YdWqTMqljgEtwK6YvZCGlJtZ2hHmK289TppQy9hM-OHVJUjFsxZhcwc-OWtJH7Sq9G_FeCQtPJrkfOwuGEtiedoK4laQOs92GnyJn87Ym5OnyTclM6f2-pW8KUwCAUcjSMpAfZ04clypngu-BKu_mrmBdoLXkq8JSO-CMV2466gz_uNU8E5finyZES9_jFJ0RFW_BmcwdLMw6IV5_mtyYvZKFU3ef7jpo_1qJ1kBvFZhh-b3pwoOd4hMBJmDulseKlf0yvCi3JFMddtmWFAV4hZA6832jmchhKyU-IxA0x6hKAkJEBQofMkpjYRZCnaAxHBzKUj5q8ESU5zXhdTKqYDpFCyvLFdB1Sfexe9Vw5MG3Q5YrFF4pm1TM3metBZhn-8RiZtAifhomOnhhVzjJ_8OTgNBe4Z47awMBY7k9rcl9mn3dpq1xMpptev06VeTJhyEQQfrlzM1mC_Z3Rrv96snWWHA2fMvEt2bXtXsbXA56jrUB2jlbES1O1YwKHrA5toswAYq60TLrfoW-9bUZe63A2scXxv9VRBNIPfOJG9CdwIaLBxkiB4IGoZ5HgrITDvHSSmL-oe_QyEpOzcTKNeBsYQOH9cSto-rW26LBjwMUHNNlv0oloGl_Rx_gLezNS1yVxuMErSjCptLDEpdlJePfk9cvqyE20aRA1XPbLwJmXiSmj1_zlVSSNcPnRIVfi_7n7Osb0LuSUA3Abp7g9M6SD2OWgxd7Qug7h4oqs257dOVxqGmn1kumar8Aqp6k8WWckYrnCQxextbIsvS8OG0hgbsdRP1wzb7R6fxl5TrS91gNOgvG8hRp52Ch0SPPMqDCIfc19KK0SHy-vQuzZS41RXFococ6B8ZtkDxQLKcotmd2RW3EB53yNV6YAvgsZkMk26nteCuRzIRAxU3oiX_LJzm9hNgy-jq8PW_iRgC9wUSqr', false, 1797130723533);


--
-- Data for Name: attempts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.attempts VALUES ('01a2253d-985e-7a1b-a658-af596b5f8673', 1795921123431, 1795921123516, 'jira', 'company', 'camilla', 'opened', '', '', '', '', '127.0.0.1', '[{"step":"request","text":"return to /browse/DEMO-1"},{"step":"verified","text":"assertion _551fd15d8c10d8942ea4ba7de230f207, signed: Assertion, key 68f9642f2651e6f2a8d6590021532b6c77dc6e3d87d6b78c00ab0ee66ccd52ff"},{"step":"plan","text":"create user camilla: no user of that name, and creation is on"},{"step":"plan","text":"add to group jira-testgroup1: the group attribute names it: http://schemas.microsoft.com/ws/2008/06/identity/claims/role = jira-testgroup1"},{"step":"plan","text":"ignore group jira-testgroup2: there is no such group"},{"step":"plan","text":"add to group jira-software-users: it is among the User Groups"},{"step":"opener","text":"POST /rest/auth/1/session: 200, X-Seraph-LoginReason OK"},{"step":"opener","text":"GET /rest/auth/1/session: 200"},{"step":"opener","text":"the app asked for the password 1 times"}]');
INSERT INTO public.attempts VALUES ('01a2253d-98c6-7685-ac6f-d23e1d1bd049', 1795921123533, 1795921123538, 'jira', 'partner', 'camilla', 'refused', 'user_of_other_idp', 'Samlgate: a user belongs to one IdP', 'The same user id from another IdP may be another person. If it is the same one, give the user to that IdP (`user add`, `--idp`).', 'the user "camilla" belongs to the IdP "company", not to "partner"', '127.0.0.1', '[{"step":"request","text":"return to /browse/DEMO-1"},{"step":"verified","text":"assertion _0a43f39d8d3dd4370fd9e658c7f86bb2, signed: Assertion, key db0b1d33c1a240bf6f20d11f41662a2c29579beeb0f381c02e847f60d762c73d"},{"step":"plan","text":"refuse: the user \"camilla\" belongs to the IdP \"company\", not to \"partner\""}]');


--
-- Data for Name: child_groups; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: claims; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.claims VALUES ('company', 'assertion _551fd15d8c10d8942ea4ba7de230f207', 1795921603428);
INSERT INTO public.claims VALUES ('company', 'request _d8681694dd956c68441d9eb29db35ec4cb45375c21af605864e599ea36f100e2', 1795921603428);
INSERT INTO public.claims VALUES ('partner', 'assertion _0a43f39d8d3dd4370fd9e658c7f86bb2', 1795921603530);
INSERT INTO public.claims VALUES ('partner', 'request _a43c3614bfb36cd6d1303ea01663b809441f7efdb7a8eebea3045e80bbe9baef', 1795921603530);


--
-- Data for Name: console_failures; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: console_sessions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: console_tickets; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.console_tickets VALUES ('c612cb1daca71156d07b6b3a67db8205ae9098e065567d2483facc056cc7cf58', 'administrator', 1795924721261);


--
-- Data for Name: directory_groups; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.directory_groups VALUES ('01a2253d-9010-7e1e-b927-9387a84ef83d', 'jira-software-users', 'jira-software-users', '', true, 1795921121296, 1795921121296);
INSERT INTO public.directory_groups VALUES ('01a2253d-906a-7d6f-ab99-10eb3cc8d116', 'jira-administrators', 'jira-administrators', '', true, 1795921121386, 1795921121386);
INSERT INTO public.directory_groups VALUES ('01a2253d-90c2-7643-9fc7-4985891c1a4a', 'jira-testgroup1', 'jira-testgroup1', '', true, 1795921121474, 1795921121474);
INSERT INTO public.directory_groups VALUES ('01a2253d-9110-7735-a83a-df1477774bbc', 'staff', 'staff', '', true, 1795921121552, 1795921121552);


--
-- Data for Name: history; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.history VALUES (1, 1795921121296, 'command line', '', 'group.added', 'group jira-software-users', '', NULL, NULL);
INSERT INTO public.history VALUES (2, 1795921121386, 'command line', '', 'group.added', 'group jira-administrators', '', NULL, NULL);
INSERT INTO public.history VALUES (3, 1795921121474, 'command line', '', 'group.added', 'group jira-testgroup1', '', NULL, NULL);
INSERT INTO public.history VALUES (4, 1795921121552, 'command line', '', 'group.added', 'group staff', '', NULL, NULL);
INSERT INTO public.history VALUES (5, 1795921121743, 'command line', '', 'setting.added', 'application jira', '', NULL, '{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$slb9H7JyQ1ZA/4w8oWAiAw$ZCyNnR+9MDKzjTdjkS0VMWi0vKvzPbmw4QUKr9XeZnI","allow":[]}');
INSERT INTO public.history VALUES (6, 1795921121843, 'command line', '', 'setting.added', 'app jira', '', NULL, '{"kind":"jira","public_url":"http://jira.localhost:21000","upstream":"http://127.0.0.1:37317","applications":["jira"],"opener":"one-time-password","reply_path":"auth"}');
INSERT INTO public.history VALUES (7, 1795921121966, 'command line', '', 'setting.added', 'application confluence', '', NULL, '{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$Els7qxjwqIQpXtBbgYG5hw$kcoGOR67Cz5HDEr+LCHZzFKKTBRvwnDb/BZdAkH8y7M","allow":[]}');
INSERT INTO public.history VALUES (8, 1795921121994, 'command line', '', 'setting.added', 'app confluence', '', NULL, '{"kind":"confluence","public_url":"http://confluence.localhost:21000","upstream":"http://127.0.0.1:9","applications":[],"opener":"one-time-password","reply_path":"auth"}');
INSERT INTO public.history VALUES (9, 1795921122019, 'command line', '', 'setting.added', 'idp company', '', NULL, '{"entity_id":"http://company.localhost:21005/metadata","login_url":"http://company.localhost:21005/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21005/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIURWzGXncrp8Vm1P7sekZLbnTN6sQwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhQFvLPY3EJ3daCSsZUhavBdze+z42vC/lgNhZizmWaCqQPtXLly+Q8EOYr+BUHBXHnAz1/c8l4F+CfafneYHa3EYPXLocpVa1s4eDXbqLyEmhTeLmDy3vJlUCWhtPxQYcke0pngRl6DpkgrsvxkOutXm/RTc8w2gEQQVXgTOLusLj9reaq9QBKb3pGhKZu13g/W87AQf7MrLGGPyvJVwcoqyxhoTegYtBRnnwsBWODaIEPMUGyKkAyA63AsMefDopisuxUU6FV6OPC5we8DbY+CY0zUqN5l6T+O9ZEuu52OyIBeT4wnru/MPdqI0L103fNc3cyTiRFz4VBD9L+kwLwIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQAWXpsfekyVr5iClORBxpi0zO3DJ7lqyzfC5S/a/fZRX7ezS3EIUbKaZrxi25sz0WVH4364moP6UqUWVVE2ahYMAPdlmIEpt6xUM0xPML/ydyoDOLW+pQJHD9tREOv33L0gUaCcv7jzMSqgF8woNxVJKPxmYxILdYMRI+jUBx/M4hhfMpPQp9CPhXs7EcTEmD+uZQi6F8Q2bkqCmiP8svVBi+kWRDwzBN05Rj+fWIb1J9hWLf943V/ZMmhrjsMjnH5wDMc3gA+YySodj0gh32FEcn9Juz96B8WL9CWYpAoBQ8W9h8cltxPFdNH+ZSZHlC5kIdZBm/jWkAauA6UsrPhN"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":"auto","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}');
INSERT INTO public.history VALUES (10, 1795921122101, 'command line', '', 'setting.added', 'idp partner', '', NULL, '{"entity_id":"http://partner.localhost:21006/metadata","login_url":"http://partner.localhost:21006/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21006/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIUKD0aGTMl2toBeAXpe+mR/ZG6CIIwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAz9FUKsFabfgstqhpimmXogPf8/b6/XGHDnxGydjrQCqDFnbnLguNt8FKnCpQGDoH1JGsxOz2IOaD9ui+bAjx+WjsL908xZpk7dqVS5jpZCP8NR5inFbKiheH/fa+9ZybWlDahvnfIj6GP2wXpWFAfRqq8k1wNDK/TeuW/ivRGfAHLOR5WYdXJWqaFKGxUFjNlHJsFTit235PXGRaC0hqeyz6haVMz5Xq393388DWvkNOJrKChKIs9j2TxklXJ07bNp5uowbX7ZVsul28Tpm3YKsDM89L7vON7bjFhOrCZnn8W2sAzihW0qTxbem1jtJ1Lna2xcCIZUBFX/J1xdRNGQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQBu1K+dXQPPxQYFP28A4dqkU8e7ExbnpptjU3a3uTFcaf5p4GCmXr33KPxS8hXL1VJyISogsqs5MYSPAgQdFr2Z3/3uouCgHJ+5tWzynLLE2V0uFK8fed9jm0fFg+IneiGT/M31DYWuLlhKXpmxZnzi9waE9AaXLcDX97aDFX4inbBzsIsJUU9QxCdpivOcESA54Ioaw9x1omSeB6+HJ3O1uC2KpJgdRl4ruG/Gs/cqho8qyuTAopQNAVWdyIZbI4dK9zolk5TytDaL6qax8Nvd9nvbldJka05Odkkl+NrFgEA6H7sScxJGHcv02Uq6BUGYsXtE/24G/wGXxS8UuMMs"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":";","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}');
INSERT INTO public.history VALUES (11, 1795921122181, 'command line', '', 'user.added', 'user gonzo', '', NULL, NULL);
INSERT INTO public.history VALUES (12, 1795921122264, 'command line', '', 'user.added', 'user kermit', '', NULL, NULL);
INSERT INTO public.history VALUES (13, 1795921122355, 'command line', '', 'group.user_added', 'group jira-administrators', 'kermit', NULL, NULL);
INSERT INTO public.history VALUES (14, 1795921122385, 'command line', '', 'group.user_added', 'group staff', 'gonzo', NULL, NULL);
INSERT INTO public.history VALUES (15, 1795921122414, 'command line', '', 'group.user_added', 'group jira-software-users', 'gonzo', NULL, NULL);


--
-- Data for Name: history_number; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.history_number VALUES (1, 15);


--
-- Data for Name: idp_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idp_keys VALUES ('company', '68f9642f2651e6f2a8d6590021532b6c77dc6e3d87d6b78c00ab0ee66ccd52ff', 1795921122019, NULL);
INSERT INTO public.idp_keys VALUES ('partner', 'db0b1d33c1a240bf6f20d11f41662a2c29579beeb0f381c02e847f60d762c73d', 1795921122101, NULL);


--
-- Data for Name: idp_metadata; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idp_metadata VALUES ('company', 1795921122019, 1795921122019, NULL, '', '[]');
INSERT INTO public.idp_metadata VALUES ('partner', 1795921122101, 1795921122101, NULL, '', '[]');


--
-- Data for Name: memberships; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.memberships VALUES ('01a2253d-93d8-7713-9dfd-f189ba191856', '01a2253d-906a-7d6f-ab99-10eb3cc8d116', 'manual', 1795921122355, '', NULL, NULL);
INSERT INTO public.memberships VALUES ('01a2253d-9385-720e-a2c0-6e943de123eb', '01a2253d-9110-7735-a83a-df1477774bbc', 'manual', 1795921122385, '', NULL, NULL);
INSERT INTO public.memberships VALUES ('01a2253d-9385-720e-a2c0-6e943de123eb', '01a2253d-9010-7e1e-b927-9387a84ef83d', 'manual', 1795921122414, '', NULL, NULL);
INSERT INTO public.memberships VALUES ('01a2253d-9867-7223-8eb3-544207d0ea4c', '01a2253d-90c2-7643-9fc7-4985891c1a4a', 'group_attribute', 1795921123431, 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role = jira-testgroup1', NULL, NULL);
INSERT INTO public.memberships VALUES ('01a2253d-9867-7223-8eb3-544207d0ea4c', '01a2253d-9010-7e1e-b927-9387a84ef83d', 'user_groups', 1795921123431, '', NULL, NULL);


--
-- Data for Name: one_time_passwords; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: properties; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.properties VALUES ('secrets.key_id', '0457dc2ca53508f5');
INSERT INTO public.properties VALUES ('application.seen.jira', '1795921121812');
INSERT INTO public.properties VALUES ('application.synchronised.jira', '1795921121827');


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sessions VALUES ('2248fd3e08a851d6203dcd849495c35a7b681f821adc58b65d770059c35ff5d1', '01a2253d-9867-7223-8eb3-544207d0ea4c', 'company', 'camilla', 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified', NULL, NULL, '_e5c640d8785011e7373c9e2b6146e766', 'jira', '01a2253d-985e-7a1b-a658-af596b5f8673', 1795921123431, 1795949923431);


--
-- Data for Name: settings; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.settings VALUES ('application', 'jira', '{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$slb9H7JyQ1ZA/4w8oWAiAw$ZCyNnR+9MDKzjTdjkS0VMWi0vKvzPbmw4QUKr9XeZnI","allow":[]}', 1795921121743);
INSERT INTO public.settings VALUES ('app', 'jira', '{"kind":"jira","public_url":"http://jira.localhost:21000","upstream":"http://127.0.0.1:37317","applications":["jira"],"opener":"one-time-password","reply_path":"auth"}', 1795921121843);
INSERT INTO public.settings VALUES ('application', 'confluence', '{"password_hash":"$argon2id$v=19$m=19456,t=2,p=1$Els7qxjwqIQpXtBbgYG5hw$kcoGOR67Cz5HDEr+LCHZzFKKTBRvwnDb/BZdAkH8y7M","allow":[]}', 1795921121966);
INSERT INTO public.settings VALUES ('app', 'confluence', '{"kind":"confluence","public_url":"http://confluence.localhost:21000","upstream":"http://127.0.0.1:9","applications":[],"opener":"one-time-password","reply_path":"auth"}', 1795921121994);
INSERT INTO public.settings VALUES ('idp', 'company', '{"entity_id":"http://company.localhost:21005/metadata","login_url":"http://company.localhost:21005/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21005/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIURWzGXncrp8Vm1P7sekZLbnTN6sQwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhQFvLPY3EJ3daCSsZUhavBdze+z42vC/lgNhZizmWaCqQPtXLly+Q8EOYr+BUHBXHnAz1/c8l4F+CfafneYHa3EYPXLocpVa1s4eDXbqLyEmhTeLmDy3vJlUCWhtPxQYcke0pngRl6DpkgrsvxkOutXm/RTc8w2gEQQVXgTOLusLj9reaq9QBKb3pGhKZu13g/W87AQf7MrLGGPyvJVwcoqyxhoTegYtBRnnwsBWODaIEPMUGyKkAyA63AsMefDopisuxUU6FV6OPC5we8DbY+CY0zUqN5l6T+O9ZEuu52OyIBeT4wnru/MPdqI0L103fNc3cyTiRFz4VBD9L+kwLwIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQAWXpsfekyVr5iClORBxpi0zO3DJ7lqyzfC5S/a/fZRX7ezS3EIUbKaZrxi25sz0WVH4364moP6UqUWVVE2ahYMAPdlmIEpt6xUM0xPML/ydyoDOLW+pQJHD9tREOv33L0gUaCcv7jzMSqgF8woNxVJKPxmYxILdYMRI+jUBx/M4hhfMpPQp9CPhXs7EcTEmD+uZQi6F8Q2bkqCmiP8svVBi+kWRDwzBN05Rj+fWIb1J9hWLf943V/ZMmhrjsMjnH5wDMc3gA+YySodj0gh32FEcn9Juz96B8WL9CWYpAoBQ8W9h8cltxPFdNH+ZSZHlC5kIdZBm/jWkAauA6UsrPhN"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":"auto","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}', 1795921122019);
INSERT INTO public.settings VALUES ('idp', 'partner', '{"entity_id":"http://partner.localhost:21006/metadata","login_url":"http://partner.localhost:21006/sso","certificates":[],"apps":[],"allow_unsolicited":false,"allow_sha1":false,"metadata":{"url":"http://127.0.0.1:21006/metadata","refresh_hours":24,"approve_new_keys":false,"publish_encryption_key":false,"keys":["MIICtDCCAZygAwIBAgIUKD0aGTMl2toBeAXpe+mR/ZG6CIIwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwIRGVtbyBJZFAwIBcNNzUwMTAxMDAwMDAwWhgPNDA5NjAxMDEwMDAwMDBaMBMxETAPBgNVBAMMCERlbW8gSWRQMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAz9FUKsFabfgstqhpimmXogPf8/b6/XGHDnxGydjrQCqDFnbnLguNt8FKnCpQGDoH1JGsxOz2IOaD9ui+bAjx+WjsL908xZpk7dqVS5jpZCP8NR5inFbKiheH/fa+9ZybWlDahvnfIj6GP2wXpWFAfRqq8k1wNDK/TeuW/ivRGfAHLOR5WYdXJWqaFKGxUFjNlHJsFTit235PXGRaC0hqeyz6haVMz5Xq393388DWvkNOJrKChKIs9j2TxklXJ07bNp5uowbX7ZVsul28Tpm3YKsDM89L7vON7bjFhOrCZnn8W2sAzihW0qTxbem1jtJ1Lna2xcCIZUBFX/J1xdRNGQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQBu1K+dXQPPxQYFP28A4dqkU8e7ExbnpptjU3a3uTFcaf5p4GCmXr33KPxS8hXL1VJyISogsqs5MYSPAgQdFr2Z3/3uouCgHJ+5tWzynLLE2V0uFK8fed9jm0fFg+IneiGT/M31DYWuLlhKXpmxZnzi9waE9AaXLcDX97aDFX4inbBzsIsJUU9QxCdpivOcESA54Ioaw9x1omSeB6+HJ3O1uC2KpJgdRl4ruG/Gs/cqho8qyuTAopQNAVWdyIZbI4dK9zolk5TytDaL6qax8Nvd9nvbldJka05Odkkl+NrFgEA6H7sScxJGHcv02Uq6BUGYsXtE/24G/wGXxS8UuMMs"],"waiting_keys":[],"refused_keys":[]},"request":{"binding":"redirect","wants_signed":false,"force_authn":false,"passive":false,"home_realm_discovery":false,"login_hint":false,"at_once":false},"logout":{"single_signout":false,"binding":"redirect","answer":true,"issuer_aliases":[]},"provisioning":{"create_users":true,"update_existing":false,"adopt_existing":false,"reactivate":false,"shadow":false,"find_by":"user_id","missing_email":"refuse","user_groups":["jira-software-users"],"user_groups_for_new_users_only":false,"customer_groups":[],"customers_get_user_groups":false,"access":[],"attributes":{"user_id":["http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname"],"idp_id":[],"full_name":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],"email":["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],"groups":["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]},"steps":{},"groups":{"separator":";","names":{},"only_names":false,"create_missing":false,"most_created":100,"managed":[],"keep":[],"manual_too":false,"most_removed":5,"protected":["*-administrators"],"protect_additions":false},"inactivity":{"days":0,"except_groups":["*-administrators"],"except_users":[]}}}', 1795921122101);


--
-- Data for Name: settings_revision; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.settings_revision VALUES (1, 8);


--
-- Data for Name: sp_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sp_keys VALUES ('bd3d90faf5ac2f22b83eae2fcdead90840c4d54fe862809dea4ccd1cf4459689', true, 'MIIC1DCCAbygAwIBAgIUfTVb9A1W1HvNAukizRqUFa/HHcAwDQYJKoZIhvcNAQELBQAwJDEiMCAGA1UEAwwZU2FtbGdhdGUgc2VydmljZSBwcm92aWRlcjAeFw0yNjExMjkwMTU4NDBaFw0zNjExMjYwMjU4NDBaMCQxIjAgBgNVBAMMGVNhbWxnYXRlIHNlcnZpY2UgcHJvdmlkZXIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDZ/l6kFq80Bo1/Kx0ivDuQLbVc4vlETGN2304NnmOWQ8Y5LA2IfRry47VqA5x7SmeB3dFop/0iIu3piQJX9HBNgCfLobkxIZwH29himHzEOH+ufC5EfKGUUX1AOV2UbAXBRiA1+j2IeBczXkS2EJHdKwzVjnMXCehxPeBWX4Y7gDYVc9P2xdS0MEQIDD5xL+oczw5nzTsJeMMr5Sk3ENEUsioY7ChJidKik+SGsrQPASDxiDP/8dpx7iZgUsqbwHV0+Wc75X+p3Jv8ic4Oox1PemTIR42OikWyEhqbtz4qldqMiXpGOu29+K2XNMyANIdp+MXMPhqopBAHQjoSUH2ZAgMBAAEwDQYJKoZIhvcNAQELBQADggEBAKu8Cw/rvawmlwiOtKbU+TtTYOUa0h0QYHWQK0kbglLHW1pvfYxt6lQMiGp8oX+LJ0TcUDZ39V/3PI5JWFRavFJjo3KxAmqw90e9JZ38XXRGlJyd9o9tWK+SM53MpTk7N2Z5RGjOap5cTNZrR298MhmaZPUvpLkFRN7yvmEB2CDujGsfV8mzqFDV60UBR/9F+HGzq7pM9itxwSysAlo476OQYpWRD4chKnksOtaJM4zZ2pq/yuuBGTse/vKVu1HDTjBMhO5W/UpKTj8G+vI+XAEv1nHs8ovtFecwKHA5xW3/IutpaQSB8y8ENj2MsBW3qKXiypWjhWs0gkjXmf7jtpA=', 'nnep97z0KT3S0MCwFOgpwlHlrmciEqWyOr2MvASiYi9IiHQHuYxe4r-7zMu3uNB8kz9C7LH1PoxDPF8Fl9zmvvdeqRsdpiA6-qnmrZp-8H_dYG1SBdzfogUlGrmyeGBZg_xa6Egd_TpjgONr8k7SvFHtaIBbK4YIWf33AhFFpEeTJVm8dTgHJXiSp6nRIYjUxejADB_UxU_q-GPD1wnTEu9hMOUj344d3THw_NGno3q_Ct0PB7CpMuBwMcZGmzN2gkU08zdIdpy0OSAluO3AcSif-rhi_X6QQaPAnz4APtsbSRzGntQsHSmnAatubOa2yGFlyuVlCfUy7-3wP3vYwoQxPlN6OYp2xAG42zi2HWSQkiuedT-rci5xU6rf5HWgz2Si2rFDjYEk1JNjin8OIFt33cipjTRhDzxXV7-uB7QMWZYXBjX-GxMGPS5m0fUzxClc56QNyeGNgYd1TardlArhaNsFGtIlKnjd2JCzgcQ1bQBvtlobvJZQcI6EYQ8xRHi4atFFUZqeUiKKDpVNEtacY7-SIKJftqJZ4hb9JsWzqpFlx0Gf0NpxIwCG87Ah-hWmCINbgGebFHwq-M4io5PWoGcl--aHFQKfkUYM7U7q4n3pb1mt0c7obeYf1glyVbQrpmRMdc7U0r0wG1PZqewhlOe80T0G7YgAIMNDeXLD4bsFMljNMHy6X1V6SkGCd8EB_7QeTld8YlG2KTDwV2CDMoOv1Xiw-rt3aW8sMzmwy3uDnhoNqDKZwNMWvlwzXki0v-rnSKvHTtTpR0B3b1mel1hv1YTdZkq0_kktvYeQtMsNy39Z1mUGO_J2FoxiykG_i5fY_-YamLqMr94tfS6TW7CF2QO_7ElMB56culRILmtC0KScxzC7Oqy0OD0alqGmHUW0kimgGytY8zAageg_JR8uMiKvhmZ0y57zDiRcRDzIXxeTLRk6V-HMxW2SiidxRlI44Dtfhfu3DTyNKMc9aK6-LaAF9VJ3j40b-60KcS-Sq0JEFexek0-RJI5zCjw8txMRy4LkkWJlrgBdiKrmEPV6eHWjBP0a3iHvqQpuMFmpS-VirtWohrD1qd94ilMr2MJ5PJb_j-SQu_2sTrs85b8SjgYPXPgpCz1zjmL3yRJzwzDkrLiddlb9nCLfB8QUyq44w0lYFxXJaUdsQnhYVKtYtj9E73qoR0LRU7z3XC4jkGNcek67W6rvrCDa7xRh5g6BUALWZ_ZtUyKbIzrHx2E_Zw3Rzhm5y6MB4GwJVuP2AUO9Qb0H8kvA8mPtNPRxYuS3b6St67HJpzjJT2Ya5Fa1Xi_3FCYR4u6lOscayujbUTUyOKX4cKp5IFImOVAr5OVvqa2TwTSHhwmdaG4szVdYFxrZw98tcoHuRSQrpBfqe6eo6aTxUJP_c24cEodPKi7XhJ0qm4Vh0OCrSM9EVUhIV3CN-JO6iJh0qTEpx6makjxmYVPpuCIaCSrPSQN3OXlVlgBljsg_f5TBQOknX1FahViagTKbg6S32dEsDOUDRecBMSAPga8C4PF3qZrUNgFu6NFXukyXPxtxzru-M7Y6kEImmEbtoiqGxaSWNoLh9RRp-zyXj0dQa97yLzXXxHvOIH5vTOc-7RpXUtBreuTerVZV7p7FVr8I_et-nGU7_UXc7IOPoLZ2LUE', 1795921120979);


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.users VALUES ('01a2253d-9385-720e-a2c0-6e943de123eb', 'gonzo', 'gonzo', 'gonzo the Old', 'gonzo@example.com', 'gonzo@example.com', true, NULL, NULL, 1795921122181, 1795921122181, NULL, NULL);
INSERT INTO public.users VALUES ('01a2253d-93d8-7713-9dfd-f189ba191856', 'kermit', 'kermit', 'kermit the Old', 'kermit@example.com', 'kermit@example.com', true, NULL, NULL, 1795921122264, 1795921122264, NULL, NULL);
INSERT INTO public.users VALUES ('01a2253d-9867-7223-8eb3-544207d0ea4c', 'camilla', 'camilla', 'Camilla the Chicken', 'camilla@muppets.com', 'camilla@muppets.com', true, 'company', NULL, 1795921123431, 1795921123431, NULL, NULL);


--
-- Name: _sqlx_migrations _sqlx_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);


--
-- Name: app_cookies app_cookies_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.app_cookies
    ADD CONSTRAINT app_cookies_pkey PRIMARY KEY (cookie_hash);


--
-- Name: attempt_messages attempt_messages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempt_messages
    ADD CONSTRAINT attempt_messages_pkey PRIMARY KEY (attempt_id);


--
-- Name: attempts attempts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (id);


--
-- Name: child_groups child_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.child_groups
    ADD CONSTRAINT child_groups_pkey PRIMARY KEY (parent_id, child_id);


--
-- Name: claims claims_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (idp, id);


--
-- Name: console_failures console_failures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.console_failures
    ADD CONSTRAINT console_failures_pkey PRIMARY KEY (source);


--
-- Name: console_sessions console_sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.console_sessions
    ADD CONSTRAINT console_sessions_pkey PRIMARY KEY (token_hash);


--
-- Name: console_tickets console_tickets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.console_tickets
    ADD CONSTRAINT console_tickets_pkey PRIMARY KEY (token_hash);


--
-- Name: directory_groups directory_groups_name_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.directory_groups
    ADD CONSTRAINT directory_groups_name_key_key UNIQUE (name_key);


--
-- Name: directory_groups directory_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.directory_groups
    ADD CONSTRAINT directory_groups_pkey PRIMARY KEY (id);


--
-- Name: history_number history_number_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.history_number
    ADD CONSTRAINT history_number_pkey PRIMARY KEY (one);


--
-- Name: history history_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (number);


--
-- Name: idp_keys idp_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idp_keys
    ADD CONSTRAINT idp_keys_pkey PRIMARY KEY (idp, fingerprint);


--
-- Name: idp_metadata idp_metadata_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idp_metadata
    ADD CONSTRAINT idp_metadata_pkey PRIMARY KEY (idp);


--
-- Name: memberships memberships_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (user_id, group_id, source);


--
-- Name: one_time_passwords one_time_passwords_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.one_time_passwords
    ADD CONSTRAINT one_time_passwords_pkey PRIMARY KEY (hash);


--
-- Name: properties properties_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.properties
    ADD CONSTRAINT properties_pkey PRIMARY KEY (name);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);


--
-- Name: settings settings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (kind, name);


--
-- Name: settings_revision settings_revision_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.settings_revision
    ADD CONSTRAINT settings_revision_pkey PRIMARY KEY (one);


--
-- Name: sp_keys sp_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sp_keys
    ADD CONSTRAINT sp_keys_pkey PRIMARY KEY (id);


--
-- Name: users users_name_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_name_key_key UNIQUE (name_key);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: app_cookies_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX app_cookies_by_expiry ON public.app_cookies USING btree (expires_at);


--
-- Name: attempt_messages_by_end; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attempt_messages_by_end ON public.attempt_messages USING btree (kept_until);


--
-- Name: attempts_by_start; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attempts_by_start ON public.attempts USING btree (started_at, outcome, code);


--
-- Name: attempts_by_update; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attempts_by_update ON public.attempts USING btree (updated_at, id);


--
-- Name: attempts_by_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attempts_by_user ON public.attempts USING btree (user_name, id);


--
-- Name: child_groups_by_child; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX child_groups_by_child ON public.child_groups USING btree (child_id, parent_id);


--
-- Name: claims_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claims_by_expiry ON public.claims USING btree (expires_at);


--
-- Name: memberships_by_group; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX memberships_by_group ON public.memberships USING btree (group_id, user_id);


--
-- Name: memberships_held; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX memberships_held ON public.memberships USING btree (held_at) WHERE (held_at IS NOT NULL);


--
-- Name: one_time_passwords_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX one_time_passwords_by_expiry ON public.one_time_passwords USING btree (expires_at);


--
-- Name: sessions_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_by_expiry ON public.sessions USING btree (expires_at);


--
-- Name: sessions_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_by_name ON public.sessions USING btree (idp, name_id);


--
-- Name: sessions_by_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);


--
-- Name: users_by_email; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX users_by_email ON public.users USING btree (email_key);


--
-- Name: users_by_idp_id; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX users_by_idp_id ON public.users USING btree (idp, idp_id);


--
-- Name: child_groups child_groups_child_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.child_groups
    ADD CONSTRAINT child_groups_child_id_fkey FOREIGN KEY (child_id) REFERENCES public.directory_groups(id) ON DELETE CASCADE;


--
-- Name: child_groups child_groups_parent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.child_groups
    ADD CONSTRAINT child_groups_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.directory_groups(id) ON DELETE CASCADE;


--
-- Name: memberships memberships_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.directory_groups(id) ON DELETE CASCADE;


--
-- Name: memberships memberships_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: one_time_passwords one_time_passwords_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.one_time_passwords
    ADD CONSTRAINT one_time_passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--

\unrestrict Eb1juumpm9zjSTBRXhrE0fTnFZqH0BOLiwtTpTAVAwer2gu2XIMhaesbj9bfbgh

