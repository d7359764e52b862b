/*
 * The same connector in C, with the libraries that Debian carries (libnats-dev, libcjson-dev):
 *
 *   cc -O2 -Wall -o tides tides.c -lnats -lcjson && LGSP_NATS_URL=nats://127.0.0.1:4222 ./tides
 *
 * Debian 12's client has no services API yet, so discovery is answered here as well. Its outside system is a table of tides
 * and a list of reports; yours is somewhere else, and takes longer.
 */
#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SYSTEM "tides"
#define RECEIPTS_MAX 10000
#define KEY_LENGTH_MAX 255
#define ERRORS_MAX 50
#define DRAIN_MS 10000

/* Why a call is refused: a code of docs/errors.md with its number. NULL when it is not. */
typedef const struct { const char *code, *status; } Refusal;
static Refusal malformed_json = {"malformed-json", "400"}, invalid_request = {"invalid-request", "400"};
static Refusal key_required = {"idempotency-key-required", "400"}, not_found = {"not-found", "404"};
static Refusal deadline_exceeded = {"deadline-exceeded", "504"};

typedef struct { const char *name; bool (*is_right)(const cJSON *value); } Field;
typedef struct {
    const char *name, *subject;
    const Field *fields; /* NULL: the body is not read. */
    bool needs_key;
    Refusal *(*perform)(const char *key, const cJSON *input, cJSON *output);
    const char *(*metadata)[2];
    long long requests, errors, nanoseconds;
} Endpoint;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* Over receipts and counts: each subject has a thread of its own. */

/* --- What it does ---------------------------------------------------------------------------------------------------- */

static const struct { const char *name; int high_cm; } stations[] = {{"hon-dau", 380}, {"do-son", 360}};
static struct { char key[KEY_LENGTH_MAX + 1], receipt[16]; } receipts[RECEIPTS_MAX];
static size_t receipts_made;

static bool is_station(const cJSON *value) {
    if (!cJSON_IsString(value)) return false;
    size_t length = strlen(value->valuestring);
    return length >= 3 && length <= 40 && strspn(value->valuestring, "abcdefghijklmnopqrstuvwxyz-") == length;
}

/* Days since 1970-01-01; false when there is no such day. */
static bool read_day(const cJSON *value, long *days) {
    int year, month, day, end = 0;
    if (!cJSON_IsString(value) || strlen(value->valuestring) != 10) return false;
    if (sscanf(value->valuestring, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10) return false;
    if (strspn(value->valuestring, "0123456789-") != 10 || year < 1) return false;
    struct tm given = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day}, real = given;
    *days = (long)(timegm(&real) / 86400);
    return real.tm_year == given.tm_year && real.tm_mon == given.tm_mon && real.tm_mday == given.tm_mday;
}

static bool is_day(const cJSON *value) {
    long days;
    return read_day(value, &days);
}

static bool is_level(const cJSON *value) {
    return cJSON_IsNumber(value) && value->valuedouble == value->valueint && value->valueint >= -500 && value->valueint <= 1000;
}

static const char *text_of(const cJSON *input, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(input, name)->valuestring;
}

static int high_water(const cJSON *input) {
    for (size_t i = 0; i < sizeof stations / sizeof *stations; i++)
        if (strcmp(stations[i].name, text_of(input, "station")) == 0) return stations[i].high_cm;
    return 0;
}

static Refusal *get_tide(const char *key, const cJSON *input, cJSON *output) {
    (void)key;
    long days;
    char at[8];
    int high_cm = high_water(input);
    if (high_cm == 0) return &not_found;
    read_day(cJSON_GetObjectItemCaseSensitive(input, "day"), &days);
    int minutes = (int)((days + 719163) * 50 % 1440);
    snprintf(at, sizeof at, "%02d:%02d", minutes / 60 % 24, minutes % 60);
    cJSON_AddStringToObject(output, "station", text_of(input, "station"));
    cJSON_AddStringToObject(output, "day", text_of(input, "day"));
    cJSON_AddStringToObject(output, "highAt", at);
    cJSON_AddNumberToObject(output, "highCm", high_cm);
    return NULL;
}

/* Gives what the key was answered with. The caller holds the lock. */
static bool find_receipt(const char *key, cJSON *output) {
    size_t kept = receipts_made < RECEIPTS_MAX ? receipts_made : RECEIPTS_MAX;
    for (size_t i = 0; i < kept; i++) {
        if (strcmp(receipts[i].key, key) != 0) continue;
        cJSON_AddStringToObject(output, "receipt", receipts[i].receipt);
        return true;
    }
    return false;
}

/* The same key is the same report, however often it is sent. */
static Refusal *report_level(const char *key, const cJSON *input, cJSON *output) {
    if (high_water(input) == 0) return &not_found;
    pthread_mutex_lock(&lock);
    if (!find_receipt(key, output)) {
        size_t place = receipts_made++ % RECEIPTS_MAX;
        snprintf(receipts[place].key, sizeof receipts[place].key, "%s", key);
        snprintf(receipts[place].receipt, sizeof receipts[place].receipt, "R-%08zx", receipts_made);
        find_receipt(key, output);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static Refusal *report_level_outcome(const char *key, const cJSON *input, cJSON *output) {
    (void)input;
    pthread_mutex_lock(&lock);
    bool found = find_receipt(key, output);
    pthread_mutex_unlock(&lock);
    return found ? NULL : &not_found;
}

/* --- What it says of itself ------------------------------------------------------------------------------------------ */

#define STATION "\"station\":{\"type\":\"string\",\"pattern\":\"^[a-z-]{3,40}$\"}"
#define DAY "\"day\":{\"type\":\"string\",\"format\":\"date\",\"pattern\":\"^\\\\d{4}-\\\\d{2}-\\\\d{2}$\"}"
#define LEVEL "{\"type\":\"integer\",\"minimum\":-500,\"maximum\":1000}"

static const char *tide_metadata[][2] = {
    {"kind", "query"},
    {"summary", "Gives the high water of a day"},
    {"summaryVi", "Tra cứu giờ và mực nước triều cường trong ngày"},
    {"sensitivity", "public"},
    {"timeoutMs", "5000"},
    {"input", "{\"type\":\"object\",\"properties\":{" STATION "," DAY "},\"required\":[\"station\",\"day\"],"
              "\"additionalProperties\":false}"},
    {"output", "{\"type\":\"object\",\"properties\":{" STATION "," DAY ",\"highAt\":{\"type\":\"string\"},\"highCm\":" LEVEL "},"
               "\"required\":[\"station\",\"day\",\"highAt\",\"highCm\"]}"},
    {"example", "{\"input\":{\"station\":\"hon-dau\",\"day\":\"2026-11-25\"},"
                "\"output\":{\"station\":\"hon-dau\",\"day\":\"2026-11-25\",\"highAt\":\"12:50\",\"highCm\":380}}"},
    {NULL, NULL}};
static const char *level_metadata[][2] = {
    {"kind", "command"},
    {"summary", "Hands in a level that was measured"},
    {"summaryVi", "Báo mực nước đo được"},
    {"sensitivity", "public"},
    {"timeoutMs", "5000"},
    {"input", "{\"type\":\"object\",\"properties\":{" STATION ",\"levelCm\":" LEVEL "},\"required\":[\"station\",\"levelCm\"],"
              "\"additionalProperties\":false}"},
    {"output", "{\"type\":\"object\",\"properties\":{\"receipt\":{\"type\":\"string\"}},\"required\":[\"receipt\"]}"},
    {"example", "{\"input\":{\"station\":\"hon-dau\",\"levelCm\":212},\"output\":{\"receipt\":\"R-0f3a5c7e9b1d\"}}"},
    {NULL, NULL}};
static const char *outcome_metadata[][2] = {{"kind", "query"}, {NULL, NULL}};

static const Field tide_fields[] = {{"station", is_station}, {"day", is_day}, {NULL, NULL}};
static const Field level_fields[] = {{"station", is_station}, {"levelCm", is_level}, {NULL, NULL}};
static Endpoint endpoints[] = {
    {"get-tide", "lgsp.tides.v1.get-tide", tide_fields, false, get_tide, tide_metadata, 0, 0, 0},
    {"report-level", "lgsp.tides.v1.report-level", level_fields, true, report_level, level_metadata, 0, 0, 0},
    {"report-level-outcome", "lgsp.tides.v1.report-level.outcome", NULL, true, report_level_outcome, outcome_metadata, 0, 0, 0},
};
#define ENDPOINTS (sizeof endpoints / sizeof *endpoints)

static char id[24], started[32];

static cJSON *described(const Endpoint *it, bool with_figures) {
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "name", it->name);
    cJSON_AddStringToObject(line, "subject", it->subject);
    cJSON_AddStringToObject(line, "queue_group", SYSTEM);
    if (with_figures) {
        cJSON_AddNumberToObject(line, "num_requests", (double)it->requests);
        cJSON_AddNumberToObject(line, "num_errors", (double)it->errors);
        cJSON_AddNumberToObject(line, "processing_time", (double)it->nanoseconds);
        cJSON_AddNumberToObject(line, "average_processing_time", (double)(it->requests ? it->nanoseconds / it->requests : 0));
        return line;
    }
    cJSON *metadata = cJSON_AddObjectToObject(line, "metadata");
    for (const char *(*pair)[2] = it->metadata; (*pair)[0]; pair++) cJSON_AddStringToObject(metadata, (*pair)[0], (*pair)[1]);
    return line;
}

/* PING, INFO and STATS of the services protocol (ADR-32). */
static void on_question(natsConnection *bus, natsSubscription *subscription, natsMsg *message, void *closure) {
    (void)subscription;
    const char *verb = closure;
    cJSON *answer = cJSON_CreateObject(), *metadata;
    char type[64];
    snprintf(type, sizeof type, "io.nats.micro.v1.%s_response", verb);
    cJSON_AddStringToObject(answer, "type", type);
    cJSON_AddStringToObject(answer, "name", SYSTEM);
    cJSON_AddStringToObject(answer, "id", id);
    cJSON_AddStringToObject(answer, "version", "1.0.0");
    metadata = cJSON_AddObjectToObject(answer, "metadata");
    cJSON_AddStringToObject(metadata, "owner", "Port authority");
    cJSON_AddStringToObject(metadata, "summary", "Tides");
    cJSON_AddStringToObject(metadata, "summaryVi", "Thủy triều");
    if (strcmp(verb, "ping") != 0) {
        bool stats = strcmp(verb, "stats") == 0;
        cJSON_AddStringToObject(answer, stats ? "started" : "description", stats ? started : "Tides");
        cJSON *lines = cJSON_AddArrayToObject(answer, "endpoints");
        pthread_mutex_lock(&lock);
        for (size_t i = 0; i < ENDPOINTS; i++) cJSON_AddItemToArray(lines, described(&endpoints[i], stats));
        pthread_mutex_unlock(&lock);
    }
    char *text = cJSON_PrintUnformatted(answer);
    if (natsMsg_GetReply(message)) natsConnection_PublishString(bus, natsMsg_GetReply(message), text);
    free(text);
    cJSON_Delete(answer);
    natsMsg_Destroy(message);
}

/* --- How it serves --------------------------------------------------------------------------------------------------- */

/* A field by its path, a JSON Pointer: a slash in its name is ~1 there, a tilde ~0. */
static void add_fault(cJSON *errors, const char *name, const char *rule, const char *message) {
    char path[128] = "/";
    size_t end = 1;
    if (cJSON_GetArraySize(errors) >= ERRORS_MAX) return;
    for (; *name && end < sizeof path - 3; name++) {
        if (*name != '~' && *name != '/') path[end++] = *name;
        else end += (size_t)snprintf(path + end, 3, "~%c", *name == '~' ? '0' : '1');
    }
    path[end] = '\0';
    cJSON *fault = cJSON_CreateObject();
    cJSON_AddStringToObject(fault, "path", path);
    cJSON_AddStringToObject(fault, "rule", rule);
    cJSON_AddStringToObject(fault, "message", message);
    cJSON_AddItemToArray(errors, fault);
}

/* Every fault of an input by its path. */
static void find_faults(const cJSON *input, const Field *fields, cJSON *errors) {
    if (!cJSON_IsObject(input)) add_fault(errors, "", "object", "must be a JSON object");
    for (const cJSON *given = input ? input->child : NULL; given && given->string; given = given->next) {
        const Field *known = fields;
        while (known->name && strcmp(known->name, given->string) != 0) known++;
        if (!known->name) add_fault(errors, given->string, "unknown-field", "is not a field of this operation");
    }
    for (; fields->name; fields++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(input, fields->name);
        if (!value) add_fault(errors, fields->name, "required", "is required");
        else if (!fields->is_right(value)) add_fault(errors, fields->name, "form", "does not have the form that the schema says");
    }
}

static const char *header_of(natsMsg *message, const char *name) {
    const char *value = NULL;
    return natsMsgHeader_Get(message, name, &value) == NATS_OK && *value ? value : NULL;
}

/* Puts the output, or for some refusals the faulty fields, into `answer`. */
static Refusal *answer_call(const Endpoint *it, natsMsg *message, cJSON *answer) {
    const char *deadline = header_of(message, "Lgsp-Deadline"), *key = header_of(message, "Lgsp-Idempotency-Key"), *end;
    if (deadline && strtoll(deadline, NULL, 10) <= nats_Now()) return &deadline_exceeded;
    if (it->needs_key && (!key || strlen(key) > KEY_LENGTH_MAX)) return &key_required;
    if (!it->fields) return it->perform(key, NULL, answer); /* An outcome is asked by the key alone. */
    const char *body = natsMsg_GetData(message), *stop = body + natsMsg_GetDataLength(message);
    cJSON *input = body == stop ? NULL : cJSON_ParseWithLengthOpts(body, (size_t)(stop - body), &end, false);
    if (input)
        while (end < stop && strchr(" \t\r\n", *end)) end++;
    if (!input || end < stop) {
        cJSON_Delete(input);
        return &malformed_json;
    }
    cJSON *errors = cJSON_CreateArray();
    find_faults(input, it->fields, errors);
    Refusal *refusal = NULL;
    if (cJSON_GetArraySize(errors) > 0) {
        cJSON_AddItemToObject(answer, "errors", errors);
        refusal = &invalid_request;
    } else {
        cJSON_Delete(errors);
        refusal = it->perform(key, input, answer);
    }
    cJSON_Delete(input);
    return refusal;
}

static void on_call(natsConnection *bus, natsSubscription *subscription, natsMsg *message, void *closure) {
    (void)subscription;
    Endpoint *it = closure;
    int64_t since = nats_NowInNanoSeconds();
    cJSON *answer = cJSON_CreateObject();
    natsMsg *sent = NULL;
    Refusal *refusal = answer_call(it, message, answer);
    if (refusal) cJSON_AddStringToObject(answer, "code", refusal->code);
    char *text = cJSON_PrintUnformatted(answer);
    if (natsMsg_GetReply(message) && natsMsg_Create(&sent, natsMsg_GetReply(message), NULL, text, (int)strlen(text)) == NATS_OK) {
        natsMsgHeader_Set(sent, "Lgsp-Upstream-Attempts", "0");
        natsMsgHeader_Set(sent, "Lgsp-Upstream-Ms", "0");
        if (refusal) natsMsgHeader_Set(sent, "Nats-Service-Error-Code", refusal->status);
        if (refusal) natsMsgHeader_Set(sent, "Nats-Service-Error", refusal->code);
        natsConnection_PublishMsg(bus, sent);
    }
    pthread_mutex_lock(&lock);
    it->requests++;
    it->errors += refusal != NULL;
    it->nanoseconds += nats_NowInNanoSeconds() - since;
    pthread_mutex_unlock(&lock);
    natsMsg_Destroy(sent);
    free(text);
    cJSON_Delete(answer);
    natsMsg_Destroy(message);
}

static natsStatus serve(natsConnection *bus) {
    static const char *verbs[] = {"PING", "INFO", "STATS"}, *types[] = {"ping", "info", "stats"};
    natsSubscription *subscription;
    natsStatus status = NATS_OK;
    char subject[128];
    for (int i = 0; i < 9 && status == NATS_OK; i++) {
        const char *verb = verbs[i / 3];
        const char *ends[] = {"", "." SYSTEM, "." SYSTEM "."};
        snprintf(subject, sizeof subject, "$SRV.%s%s%s", verb, ends[i % 3], i % 3 == 2 ? id : "");
        status = natsConnection_Subscribe(&subscription, bus, subject, on_question, (void *)types[i / 3]);
    }
    for (size_t i = 0; i < ENDPOINTS && status == NATS_OK; i++)
        status = natsConnection_QueueSubscribe(&subscription, bus, endpoints[i].subject, SYSTEM, on_call, &endpoints[i]);
    return status;
}

int main(void) {
    const char *url = getenv("LGSP_NATS_URL"), *user = getenv("LGSP_NATS_USER");
    natsConnection *bus = NULL;
    natsOptions *options = NULL;
    sigset_t signals;
    int signal_number;
    time_t now = time(NULL);
    /* Before the client starts its threads, so that the signals are seen here and nowhere else. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    snprintf(id, sizeof id, "%llx", (unsigned long long)nats_NowInNanoSeconds());
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    natsStatus status = natsOptions_Create(&options);
    if (status == NATS_OK) status = natsOptions_SetURL(options, url ? url : "nats://127.0.0.1:4222");
    if (status == NATS_OK && user) status = natsOptions_SetUserInfo(options, user, getenv("LGSP_NATS_PASSWORD"));
    if (status == NATS_OK) status = natsOptions_SetName(options, SYSTEM);
    if (status == NATS_OK) status = natsConnection_Connect(&bus, options);
    if (status == NATS_OK) status = serve(bus);
    if (status != NATS_OK) {
        fprintf(stderr, SYSTEM ": %s\n", natsStatus_GetText(status));
        return 69;
    }
    sigwait(&signals, &signal_number);
    /* Takes nothing new, answers what has come, and leaves. */
    natsConnection_DrainTimeout(bus, DRAIN_MS);
    while (!natsConnection_IsClosed(bus)) nats_Sleep(10);
    natsConnection_Destroy(bus);
    natsOptions_Destroy(options);
    return 0;
}
