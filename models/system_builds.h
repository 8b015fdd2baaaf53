/* system_builds.h - what the parts of the system ask of builds, their
 * connections and the balancer. Used by models/system*.c and by no one else.
 */
#ifndef MODELS_SYSTEM_BUILDS_H
#define MODELS_SYSTEM_BUILDS_H

#include "models/system_state.h"

/* It neither builds nor closes what is closed. Often asked, so it is here. */
static inline bool sys_pod_hangs(const struct system *s, uint32_t pod)
{
    return (sys_pod_is_there(s, pod) &&
            sys_pod(s, pod)->daemon != DAEMON_WELL) ||
           s->nodes[sys_pod_node(s, pod)].lost;
}

/* system_job.c: the jobs of a build. */
void sys_on_asked(struct system *s, uint32_t build);
void sys_on_leaves(struct system *s, uint32_t build);
void sys_on_job_end(struct system *s, uint32_t build, uint32_t job);
void sys_on_rerun(struct system *s, uint32_t build);
void sys_end_job(struct system *s, uint32_t build);

/* system_client.c: builds and what the balancer wants done. */
void sys_on_client(struct system *s, enum event_kind kind, uint32_t build,
                   uint32_t generation);
void sys_on_session(struct system *s, enum event_kind kind, uint32_t session,
                    uint32_t generation);
void sys_obey(struct system *s, uint32_t build, struct client_todo todo);
void sys_closed(struct system *s, uint32_t build, enum note_kind how);
void sys_attach(struct system *s, uint32_t build, uint32_t pod);
void sys_detach(struct system *s, uint32_t build);
double sys_choice_u(const struct system *s, uint32_t client);

/* system_work.c: the work of a build. */
void sys_start_work(struct system *s, uint32_t build);
void sys_stop_work(struct system *s, uint32_t build, uint32_t pod);
void sys_on_mark(struct system *s, uint32_t build);
void sys_on_idle(struct system *s, uint32_t build);
void sys_pace(struct system *s, uint32_t pod);

/* system_session.c: what the balancer wants done. */
struct lb *sys_lb(struct system *s, uint32_t build);
void sys_replace_process(struct system *s);
enum lb_port sys_port_of(const struct system *s, uint32_t pod);
void sys_connect_pod(struct system *s, struct lb *lb, uint32_t session);
void sys_half_closed(struct system *s, struct lb *lb, uint32_t session);
void sys_release(struct system *s, uint32_t pod, bool answers);
void sys_set_daemon(struct system *s, uint32_t pod, enum sys_daemon daemon);
void sys_obey_lb(struct system *s, uint32_t backend);
void sys_lose_builds(struct system *s, uint32_t pod);
void sys_on_old_end(struct system *s, uint32_t process);

/* system_front.c: names, balancer faults, gauges. */
void sys_front_start(struct system *s);
void sys_endpoint_changed(struct system *s, uint32_t pod);
void sys_gauges(struct system *s, uint32_t backend);
void sys_lb_restart(struct system *s, sim_us gap_us);
void sys_lb_reload(struct system *s, sim_us grace_us);
void sys_names_fresh(struct system *s);
void sys_names_fail(struct system *s);
void sys_port(struct system *s, uint32_t pod);
void sys_on_balancer(struct system *s, enum event_kind kind, uint32_t entity,
                     uint32_t generation);

#endif
