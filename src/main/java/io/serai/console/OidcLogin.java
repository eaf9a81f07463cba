package io.serai.console;

import io.serai.access.OidcSettings;
import io.serai.access.PasswordLogin;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.annotation.authentication.builders.AuthenticationManagerBuilder;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * Coming in by an identity provider: authorization code with PKCE, state and nonce; who it is says
 * the signed ID token alone.
 *
 * <p>Guarantee: the session is a new one, the login is in the audit, and no token of the provider
 * is kept. Gap: what a person may is decided at the login; a role taken away there holds here until
 * the session ends.
 */
final class OidcLogin implements ClientRegistrationRepository, OAuth2AuthorizedClientRepository {
  /** Goes on to the provider. */
  static final String START = "/console/login/oidc";

  private static final int LONGEST_CODE = 60;
  private static final Logger LOG = LoggerFactory.getLogger(OidcLogin.class);
  private static final String BACK = "/console/login/back";
  private static final String ID = "sso";
  private static final String NEXT = "serai.next";

  private final OidcSettings settings;
  private final PasswordLogin login;
  private volatile ClientRegistration registration;

  OidcLogin(OidcSettings settings, PasswordLogin login) {
    this.settings = settings;
    this.login = login;
  }

  /** Lets the chain know. */
  void in(HttpSecurity http) throws Exception {
    // else the hub's own, which knows nobody, would have the last word about what went wrong
    http.getSharedObject(AuthenticationManagerBuilder.class).parentAuthenticationManager(null);
    var requests = new DefaultOAuth2AuthorizationRequestResolver(this, START);
    requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
    http.oauth2Login(
        oidc ->
            oidc.loginPage(ConsoleGuard.LOGIN)
                .clientRegistrationRepository(this)
                .authorizedClientRepository(this)
                .authorizationEndpoint(at -> at.authorizationRequestResolver(requests))
                .redirectionEndpoint(at -> at.baseUri(BACK))
                .userInfoEndpoint(
                    at ->
                        at.oidcUserService(
                            request -> new DefaultOidcUser(List.of(), request.getIdToken())))
                .successHandler(this::entered)
                .failureHandler(this::failed));
  }

  /**
   * Where to send somebody who wants to log in; asks the provider first when nobody did yet.
   *
   * @return null when it does not answer
   */
  String start(HttpServletRequest request, String next) {
    try {
      findByRegistrationId(ID);
    } catch (RuntimeException e) {
      LOG.warn("The identity provider '{}' cannot be asked: {}", settings.issuer(), e.getMessage());
      return null;
    }
    request.getSession().setAttribute(NEXT, ConsoleGuard.next(next));
    return START + "/" + ID;
  }

  /** Why nobody can log in so for now. */
  String away() {
    return "The identity provider '%s' does not answer; try again, or log in by name and password."
        .formatted(settings.issuer());
  }

  @Override
  public ClientRegistration findByRegistrationId(String id) {
    if (!ID.equals(id)) {
      return null;
    }
    var known = registration;
    if (known == null) {
      known =
          ClientRegistrations.fromOidcIssuerLocation(settings.issuer())
              .registrationId(ID)
              .clientId(settings.clientId())
              .clientSecret(settings.clientSecret())
              .redirectUri(settings.consoleUrl() + BACK)
              .scope(settings.scopes())
              .userNameAttributeName("sub")
              .build();
      registration = known;
    }
    return known;
  }

  private void entered(
      HttpServletRequest request, HttpServletResponse response, Authentication authentication)
      throws IOException {
    var claims = ((OidcUser) authentication.getPrincipal()).getClaims();
    var next = request.getSession().getAttribute(NEXT);
    var caller = settings.caller(claims);
    if (caller.isEmpty()) {
      refuse(
          request,
          response,
          "'%s' has no role here: no value of the claim '%s' gives one. Ask an admin."
              .formatted(settings.name(claims), settings.roleClaim()));
      return;
    }
    login.enter(caller.get());
    SessionPages.open(request, caller.get());
    response.sendRedirect(ConsoleGuard.next(next == null ? null : next.toString()));
  }

  private void failed(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException fault)
      throws IOException {
    // whoever calls this address says what stands there
    var said =
        fault instanceof OAuth2AuthenticationException known
            ? known.getError().getErrorCode().replaceAll("[^a-zA-Z0-9_ -]", "·")
            : "no answer";
    var code = said.substring(0, Math.min(LONGEST_CODE, said.length()));
    LOG.warn("A login by '{}' failed: {}", settings.issuer(), code);
    refuse(
        request,
        response,
        "The identity provider did not confirm who you are (%s); try again.".formatted(code));
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, String sentence)
      throws IOException {
    request.getSession().invalidate();
    request.getSession(true).setAttribute(Screens.NOTICE, Notice.refused(sentence));
    response.sendRedirect(ConsoleGuard.LOGIN);
  }

  // Nothing is asked of the provider in a person's name, so none of its tokens is kept.
  @Override
  public <T extends OAuth2AuthorizedClient> T loadAuthorizedClient(
      String id, Authentication principal, HttpServletRequest request) {
    return null;
  }

  @Override
  public void saveAuthorizedClient(
      OAuth2AuthorizedClient client,
      Authentication principal,
      HttpServletRequest request,
      HttpServletResponse response) {}

  @Override
  public void removeAuthorizedClient(
      String id,
      Authentication principal,
      HttpServletRequest request,
      HttpServletResponse response) {}
}
