// A service that Keyfence protects. It needs Go 1.19 or newer, and no other module.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

const maxBody = 64 << 10

var (
	keyfenceURL = strings.TrimRight(setting("KEYFENCE_URL", "http://127.0.0.1:3000"), "/")
	serviceKey  = os.Getenv("KEYFENCE_SERVICE_KEY")
	bearer      = regexp.MustCompile("^(?i:bearer)($|[^0-9A-Za-z_!#$%&'*+.^`|~-] *)")
)

// client asks Keyfence directly: keys go to no proxy that the environment names, and follow no redirect.
var client = &http.Client{
	Timeout:   2 * time.Second,
	Transport: &http.Transport{MaxIdleConnsPerHost: 100, IdleConnTimeout: 4 * time.Second},
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

// question is what POST /v1/verify takes.
type question struct {
	Key        string `json:"key"`
	Permission string `json:"permission"`
	IP         string `json:"ip"`
	UserAgent  string `json:"userAgent"`
}

// decision is what POST /v1/verify returns.
type decision struct {
	Valid bool   `json:"valid"`
	Code  string `json:"code"`
	OrgID string `json:"orgId"`
	KeyID string `json:"keyId"`
}

// refusal is a problem document (RFC 9457), for a request that must not continue.
type refusal struct {
	Type       string `json:"type"`
	Title      string `json:"title"`
	Status     int    `json:"status"`
	Code       string `json:"code"`
	Permission string `json:"permission,omitempty"`
	challenge  string
}

func refuse(status int, code, title string) *refusal {
	return &refusal{Type: "urn:keyfence:problem:" + code, Title: title, Status: status, Code: code}
}

func unauthenticated(challenge string) *refusal {
	refused := refuse(http.StatusUnauthorized, "unauthenticated", "A valid API key is required.")
	refused.challenge = challenge
	return refused
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// keyIn finds the key of a request. A header that is empty, or of another scheme, is none.
func keyIn(header http.Header) (string, *refusal) {
	var found []string
	for _, value := range header.Values("X-API-Key") {
		if strings.TrimSpace(value) != "" {
			found = append(found, value)
		}
	}
	for _, value := range header.Values("Authorization") {
		if scheme := bearer.FindString(value); scheme != "" {
			found = append(found, value[len(scheme):])
		}
	}
	switch len(found) {
	case 0:
		return "", unauthenticated("Bearer")
	case 1:
		return found[0], nil
	default:
		return "", refuse(http.StatusBadRequest, "ambiguous_credentials", "Send exactly one API key, in one header.")
	}
}

// ask returns what Keyfence says, or an error if that is not known, for whatever reason.
func ask(asked question) (*decision, error) {
	random := make([]byte, 24)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	nonce := base64.RawURLEncoding.EncodeToString(random)
	content, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, keyfenceURL+"/v1/verify", bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+serviceKey)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Keyfence-Nonce", nonce)
	// Is not sent. It lets net/http repeat the request if an idle connection has just ended.
	request.Header["Idempotency-Key"] = nil
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden:
		return nil, errors.New("the key of this service is refused")
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("Keyfence responded with %d", response.StatusCode)
	case response.Header.Get("X-Keyfence-Nonce") != nonce:
		return nil, errors.New("the response belongs to another request")
	}
	content, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	result := &decision{}
	if err := json.Unmarshal(content, result); err != nil {
		return nil, err
	}
	if result.Code == "" || result.Valid != (result.Code == "VALID") {
		return nil, errors.New("the response is not one of Keyfence")
	}
	return result, nil
}

// authorise lets a request continue if its key is valid and has the permission.
func authorise(request *http.Request, permission string) (*decision, *refusal) {
	key, refused := keyIn(request.Header)
	if refused != nil {
		return nil, refused
	}
	host, _, _ := net.SplitHostPort(request.RemoteAddr)
	ip, _, _ := strings.Cut(host, "%")
	agent := request.UserAgent()
	if len(agent) > 1000 {
		agent = agent[:1000]
	}
	result, err := ask(question{Key: key, Permission: permission, IP: ip, UserAgent: agent})
	if err != nil {
		// Whatever it was: it is not known whether the key is valid.
		log.Printf("No key can be verified: %v", err)
		return nil, refuse(http.StatusServiceUnavailable, "unavailable", "The service cannot respond right now. Try again.")
	}
	switch result.Code {
	case "VALID":
		return result, nil
	case "INSUFFICIENT_PERMISSION":
		refused := refuse(http.StatusForbidden, "insufficient_permission", "The API key lacks a permission.")
		refused.Permission = permission
		refused.challenge = `Bearer error="insufficient_scope"`
		return nil, refused
	case "IP_NOT_ALLOWED":
		return nil, refuse(http.StatusForbidden, "ip_not_allowed", "The API key may not be used from this address.")
	default:
		return nil, unauthenticated(`Bearer error="invalid_token"`)
	}
}

func send(writer http.ResponseWriter, status int, kind string, value any) {
	writer.Header().Set("Content-Type", kind)
	writer.WriteHeader(status)
	if err := json.NewEncoder(writer).Encode(value); err != nil {
		log.Print(err)
	}
}

func sendRefusal(writer http.ResponseWriter, refused *refusal) {
	writer.Header().Set("Cache-Control", "no-store")
	if refused.challenge != "" {
		writer.Header().Set("WWW-Authenticate", refused.challenge)
	}
	if refused.Status == http.StatusServiceUnavailable {
		writer.Header().Set("Retry-After", "1")
	}
	send(writer, refused.Status, "application/problem+json", refused)
}

func telemetry(writer http.ResponseWriter, request *http.Request) {
	permission := "telemetry:write"
	if request.Method == http.MethodGet {
		permission = "telemetry:read"
	}
	if _, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, maxBody)); err != nil {
		sendRefusal(writer, refuse(http.StatusRequestEntityTooLarge, "payload_too_large", "The body is larger than 64 KiB."))
		return
	}
	// Only now, when the whole request is here: see docs/protect-a-service.md.
	caller, refused := authorise(request, permission)
	switch {
	case refused != nil:
		sendRefusal(writer, refused)
	case request.Method == http.MethodGet:
		send(writer, http.StatusOK, "application/json", map[string]any{"celsius": 21.4, "organisation": caller.OrgID})
	default:
		send(writer, http.StatusCreated, "application/json", map[string]any{"recordedBy": caller.KeyID})
	}
}

func main() {
	if serviceKey == "" {
		log.Fatal("Set KEYFENCE_SERVICE_KEY to the key that this service verifies others with.")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+setting("PORT", "4000"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Listening on http://%s\n", listener.Addr())
	http.HandleFunc("/telemetry", telemetry)
	server := &http.Server{ReadTimeout: 30 * time.Second}
	log.Fatal(server.Serve(listener))
}
