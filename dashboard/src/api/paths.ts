// Made from the OpenAPI of the server by `npm run client`; a test holds it equal. Not written by hand.

export interface paths {
    "/api/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Actions with their steps and what was seen, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description What POST /api/actions answered, or a decision */
                    cause_id?: string;
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    kind?: "monitor" | "rotate_key" | "launch_decoy" | "insert_trap" | "escalate" | "lock_down" | "plugin";
                    limit?: number;
                    session_id?: string;
                    source_ip?: string;
                    status?: "waiting" | "planned" | "applied" | "verified" | "undoing" | "dry_run" | "refused" | "failed" | "undone";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                applied_at: string | null;
                                approved_by: string | null;
                                attempts: number;
                                cause_id: string;
                                created_at: string;
                                decision_id: string | null;
                                ended_at: string | null;
                                error: string | null;
                                expires_at: string | null;
                                id: string;
                                kind: string;
                                parameters: unknown;
                                reason: string;
                                requested_by: string;
                                result: unknown;
                                sensor: string | null;
                                session_id: string | null;
                                severity: string;
                                source_ip: string | null;
                                status: string;
                                steps: {
                                    at: string;
                                    details: unknown;
                                    name: string;
                                }[];
                                target: string;
                                /** @description Why taking it back did not succeed yet; it is tried again */
                                undo_error: string | null;
                                verification: unknown;
                                verified_at: string | null;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Ask for an action; it is carried out soon and shows up in the list, insert_trap in that of adaptations */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Only record what would be done; touches nothing
                         * @default false
                         */
                        dry_run?: boolean;
                        /** @enum {string} */
                        kind: "monitor" | "rotate_key" | "launch_decoy" | "insert_trap" | "escalate" | "lock_down" | "plugin";
                        /** @default {} */
                        parameters?: {
                            [key: string]: unknown;
                        };
                        reason: string;
                        /** Format: uuid */
                        request_id?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The cause_id of the actions that follow */
                            request_id: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/actions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One action */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            applied_at: string | null;
                            approved_by: string | null;
                            attempts: number;
                            cause_id: string;
                            created_at: string;
                            decision_id: string | null;
                            ended_at: string | null;
                            error: string | null;
                            expires_at: string | null;
                            id: string;
                            kind: string;
                            parameters: unknown;
                            reason: string;
                            requested_by: string;
                            result: unknown;
                            sensor: string | null;
                            session_id: string | null;
                            severity: string;
                            source_ip: string | null;
                            status: string;
                            steps: {
                                at: string;
                                details: unknown;
                                name: string;
                            }[];
                            target: string;
                            /** @description Why taking it back did not succeed yet; it is tried again */
                            undo_error: string | null;
                            verification: unknown;
                            verified_at: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/actions/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an action back; the answer is the action as it stands then */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            applied_at: string | null;
                            approved_by: string | null;
                            attempts: number;
                            cause_id: string;
                            created_at: string;
                            decision_id: string | null;
                            ended_at: string | null;
                            error: string | null;
                            expires_at: string | null;
                            id: string;
                            kind: string;
                            parameters: unknown;
                            reason: string;
                            requested_by: string;
                            result: unknown;
                            sensor: string | null;
                            session_id: string | null;
                            severity: string;
                            source_ip: string | null;
                            status: string;
                            steps: {
                                at: string;
                                details: unknown;
                                name: string;
                            }[];
                            target: string;
                            /** @description Why taking it back did not succeed yet; it is tried again */
                            undo_error: string | null;
                            verification: unknown;
                            verified_at: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/actions/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be carried out, as each action declares itself */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                budget_per_hour: number;
                                deadline_seconds: number;
                                does: string;
                                example: {
                                    [key: string]: unknown;
                                };
                                /** @enum {string} */
                                kind: "monitor" | "rotate_key" | "launch_decoy" | "insert_trap" | "escalate" | "lock_down" | "plugin";
                                needs: string[];
                                parameters: {
                                    [key: string]: unknown;
                                };
                                reversible: boolean;
                                undo: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adaptations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Adaptations with what the probe saw, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description What POST /api/actions answered */
                    cause_id?: string;
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    sensor?: string;
                    session_id?: string;
                    status?: "planned" | "dry_run" | "applied" | "verified" | "failed" | "rolled_back";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                action_details: unknown;
                                action_type: string;
                                applied_at: string | null;
                                /** @description Of a person's order, which follows from no decision */
                                cause_id: string | null;
                                created_at: string;
                                decision_id: string | null;
                                error: string | null;
                                expires_at: string | null;
                                id: string;
                                new_config: unknown;
                                old_config: unknown;
                                reason: string;
                                /** @description engine, or the person who ordered it */
                                requested_by: string;
                                rolled_back_at: string | null;
                                sensor: string;
                                session_id: string | null;
                                severity: string;
                                source_ip: string | null;
                                status: string;
                                steps: {
                                    at: string;
                                    details: unknown;
                                    name: string;
                                }[];
                                success: boolean | null;
                                /** @description Why taking it back did not succeed yet; it is tried again */
                                undo_error: string | null;
                                verification: unknown;
                                verified_at: string | null;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adaptations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One adaptation */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            action_details: unknown;
                            action_type: string;
                            applied_at: string | null;
                            /** @description Of a person's order, which follows from no decision */
                            cause_id: string | null;
                            created_at: string;
                            decision_id: string | null;
                            error: string | null;
                            expires_at: string | null;
                            id: string;
                            new_config: unknown;
                            old_config: unknown;
                            reason: string;
                            /** @description engine, or the person who ordered it */
                            requested_by: string;
                            rolled_back_at: string | null;
                            sensor: string;
                            session_id: string | null;
                            severity: string;
                            source_ip: string | null;
                            status: string;
                            steps: {
                                at: string;
                                details: unknown;
                                name: string;
                            }[];
                            success: boolean | null;
                            /** @description Why taking it back did not succeed yet; it is tried again */
                            undo_error: string | null;
                            verification: unknown;
                            verified_at: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adaptations/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo an adaptation; the answer is the adaptation as it stands then */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note?: string;
                        /**
                         * @default other
                         * @enum {string}
                         */
                        reason?: "false_alarm" | "no_longer_needed" | "test" | "other";
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            action_details: unknown;
                            action_type: string;
                            applied_at: string | null;
                            /** @description Of a person's order, which follows from no decision */
                            cause_id: string | null;
                            created_at: string;
                            decision_id: string | null;
                            error: string | null;
                            expires_at: string | null;
                            id: string;
                            new_config: unknown;
                            old_config: unknown;
                            reason: string;
                            /** @description engine, or the person who ordered it */
                            requested_by: string;
                            rolled_back_at: string | null;
                            sensor: string;
                            session_id: string | null;
                            severity: string;
                            source_ip: string | null;
                            status: string;
                            steps: {
                                at: string;
                                details: unknown;
                                name: string;
                            }[];
                            success: boolean | null;
                            /** @description Why taking it back did not succeed yet; it is tried again */
                            undo_error: string | null;
                            verification: unknown;
                            verified_at: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adaptations/effect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether adaptations work: sessions that were shown them against the control group */
        get: {
            parameters: {
                query?: {
                    /** @description How far back */
                    days?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bystander_sessions: number;
                            /** @description Of the control group, where nothing stood: what is compared with */
                            control_sessions: number;
                            control_share: number;
                            kinds: {
                                commands: {
                                    control_mean: number | null;
                                    /** @description Of the geometric means of 1 + x, shown to control */
                                    ratio: number | null;
                                    ratio_95: {
                                        high: number;
                                        low: number;
                                    } | null;
                                    /** @enum {string} */
                                    says: "more" | "less" | "no difference seen" | "not enough data";
                                    shown_mean: number;
                                };
                                dwell_seconds: {
                                    control_mean: number | null;
                                    /** @description Of the geometric means of 1 + x, shown to control */
                                    ratio: number | null;
                                    ratio_95: {
                                        high: number;
                                        low: number;
                                    } | null;
                                    /** @enum {string} */
                                    says: "more" | "less" | "no difference seen" | "not enough data";
                                    shown_mean: number;
                                };
                                kind: string;
                                /** @description That were shown it, in the period */
                                sessions: number;
                                /** @description Lures of it that were used by anybody, later too */
                                touched_lures: number;
                                /** @description That used a lure of it before they ended */
                                touched_sessions: number;
                                touched_share: number | null;
                                touched_share_95: {
                                    high: number;
                                    low: number;
                                } | null;
                            }[];
                            /** @description Of the control group, yet shown what stood for others: left out */
                            mixed_sessions: number;
                            /** @description On each side, before anything is said */
                            sessions_needed: number;
                            since: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/allow-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Networks about which nothing is done by itself, beside the policy's own */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                added_at: string;
                                added_by: string;
                                id: string;
                                network: string;
                                reason: string;
                            }[];
                            next_cursor: null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Leave a network alone: from the next decision on, and its blocks are undone */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description An address or a network; of an address with a prefix, the network counts */
                        network: string;
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            added_at: string;
                            added_by: string;
                            id: string;
                            /** @description Ids of the blocks in it that were undone */
                            lifted: string[];
                            network: string;
                            reason: string;
                            /** @description Ids of those that could not be undone yet; they are off the feed already */
                            still_blocked: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/allow-list/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** No longer leave it alone */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            removed: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analyses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The analyst's readings of sessions, refused ones too, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    session_id?: string;
                    source_ip?: string;
                    status?: "read" | "refused" | "skipped";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                analysed_at: string;
                                /** @description Ids of events of this session that the reasoning points at */
                                citations: string[];
                                id: string;
                                input_tokens: number;
                                model: string;
                                output_tokens: number;
                                provider: string;
                                reading: {
                                    /** @enum {string} */
                                    attack_sophistication: "automated" | "scripted" | "automated_with_human_oversight" | "human_operated" | "advanced" | "unknown";
                                    behavioral_patterns: ("account_manipulation" | "automated_scanning" | "brute_force" | "cloud_credential_search" | "command_and_control" | "container_escape" | "credential_dumping" | "credential_stuffing" | "cryptomining" | "data_destruction" | "data_exfiltration" | "defense_evasion" | "denial_of_service" | "discovery" | "dropper" | "exploitation" | "lateral_movement" | "malware_download" | "persistence" | "privilege_escalation" | "prompt_injection" | "proxy_abuse" | "reconnaissance" | "reverse_shell" | "spam_relay" | "ssh_key_planting" | "valid_accounts" | "none")[];
                                    confidence: number;
                                    indicators_of_compromise: string[];
                                    reasoning: string;
                                    /** @enum {string} */
                                    recommended_action: "monitor" | "rotate_key" | "launch_decoy" | "insert_trap" | "escalate";
                                    /** @enum {string} */
                                    severity: "low" | "medium" | "high" | "critical";
                                    threat_score: number;
                                } | null;
                                /**
                                 * @description not_allowed: no policy rule takes this recommendation for this session
                                 * @enum {string}
                                 */
                                recommendation: "followed" | "not_allowed" | "none";
                                /** @description True where the reading of a session with the same content was taken again */
                                reused: boolean;
                                sensor: string;
                                session_id: string;
                                source_ip: string | null;
                                /** @enum {string} */
                                status: "read" | "refused" | "skipped";
                                /** @description What decide heard */
                                threat_score_after: number;
                                /** @description Of the rules and models, which it can only raise */
                                threat_score_before: number;
                                took_ms: number;
                                /** @description Why it was refused or skipped, or what its reading changed */
                                why: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analyses/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One reading */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            analysed_at: string;
                            /** @description Ids of events of this session that the reasoning points at */
                            citations: string[];
                            id: string;
                            input_tokens: number;
                            model: string;
                            output_tokens: number;
                            provider: string;
                            reading: {
                                /** @enum {string} */
                                attack_sophistication: "automated" | "scripted" | "automated_with_human_oversight" | "human_operated" | "advanced" | "unknown";
                                behavioral_patterns: ("account_manipulation" | "automated_scanning" | "brute_force" | "cloud_credential_search" | "command_and_control" | "container_escape" | "credential_dumping" | "credential_stuffing" | "cryptomining" | "data_destruction" | "data_exfiltration" | "defense_evasion" | "denial_of_service" | "discovery" | "dropper" | "exploitation" | "lateral_movement" | "malware_download" | "persistence" | "privilege_escalation" | "prompt_injection" | "proxy_abuse" | "reconnaissance" | "reverse_shell" | "spam_relay" | "ssh_key_planting" | "valid_accounts" | "none")[];
                                confidence: number;
                                indicators_of_compromise: string[];
                                reasoning: string;
                                /** @enum {string} */
                                recommended_action: "monitor" | "rotate_key" | "launch_decoy" | "insert_trap" | "escalate";
                                /** @enum {string} */
                                severity: "low" | "medium" | "high" | "critical";
                                threat_score: number;
                            } | null;
                            /**
                             * @description not_allowed: no policy rule takes this recommendation for this session
                             * @enum {string}
                             */
                            recommendation: "followed" | "not_allowed" | "none";
                            /** @description True where the reading of a session with the same content was taken again */
                            reused: boolean;
                            sensor: string;
                            session_id: string;
                            source_ip: string | null;
                            /** @enum {string} */
                            status: "read" | "refused" | "skipped";
                            /** @description What decide heard */
                            threat_score_after: number;
                            /** @description Of the rules and models, which it can only raise */
                            threat_score_before: number;
                            took_ms: number;
                            /** @description Why it was refused or skipped, or what its reading changed */
                            why: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a person was asked, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    status?: "pending" | "approved" | "rejected" | "expired" | "cancelled";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                adaptations: string[];
                                also: string[];
                                answered_at: string | null;
                                answered_by: string | null;
                                asked_at: string;
                                decision: string;
                                /** @description Not answered until then, it is not done */
                                expires_at: string;
                                /** @description The decision's */
                                id: string;
                                note: string | null;
                                rule: string;
                                sensor: string;
                                session_id: string;
                                severity: string;
                                source_ip: string | null;
                                status: string;
                                target: string;
                                threat_score: number;
                                why: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agree or refuse, once; the answer is the question as it stands then */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        answer: "approved" | "rejected";
                        note?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            adaptations: string[];
                            also: string[];
                            answered_at: string | null;
                            answered_by: string | null;
                            asked_at: string;
                            decision: string;
                            /** @description Not answered until then, it is not done */
                            expires_at: string;
                            /** @description The decision's */
                            id: string;
                            note: string | null;
                            rule: string;
                            sensor: string;
                            session_id: string;
                            severity: string;
                            source_ip: string | null;
                            status: string;
                            target: string;
                            threat_score: number;
                            why: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/approvals/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Of the link in a notice: shows what is asked, or answers it, once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        answer?: "approved" | "rejected";
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            adaptations: string[];
                            also: string[];
                            answered_at: string | null;
                            answered_by: string | null;
                            asked_at: string;
                            decision: string;
                            /** @description Not answered until then, it is not done */
                            expires_at: string;
                            /** @description The decision's */
                            id: string;
                            note: string | null;
                            rule: string;
                            sensor: string;
                            session_id: string;
                            severity: string;
                            source_ip: string | null;
                            status: string;
                            target: string;
                            threat_score: number;
                            why: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/artifacts/{sha256}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The content in a zip under AES-256; its password is "infected" */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sha256: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attackers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Attackers by threat, by number of events or by last visit */
        get: {
            parameters: {
                query?: {
                    /** @description Number of an autonomous system */
                    asn?: number;
                    /** @description ISO 3166-1, two letters */
                    country?: string;
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    /** @description A search: severity:HIGH -user:root "a text" (a OR b). Fields: level, ip, country, asn, as, scanner, network, user, score, reputation, events, sessions, logins, high, after, before */
                    q?: string;
                    /** @description true: only known research scanners; false: all but them */
                    scanner?: "0" | "1" | "true" | "false";
                    sort?: "threat" | "events" | "recent";
                    threat_level?: "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                as_name: string | null;
                                asn: number | null;
                                city: string | null;
                                country: string | null;
                                first_seen: string;
                                high_severity_count: number;
                                id: string;
                                ip_address: string;
                                last_seen: string;
                                most_common_username: string | null;
                                network: string | null;
                                reputation: number | null;
                                scanner: string | null;
                                successful_logins: number;
                                threat_level: string;
                                threat_score: number;
                                total_events: number;
                                total_sessions: number;
                                unique_passwords_count: number;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attackers/{ip}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One attacker with his favourite user names and latest sessions */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    ip: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            as_name: string | null;
                            asn: number | null;
                            city: string | null;
                            country: string | null;
                            first_seen: string;
                            high_severity_count: number;
                            id: string;
                            ip_address: string;
                            last_seen: string;
                            most_common_username: string | null;
                            network: string | null;
                            reputation: number | null;
                            scanner: string | null;
                            sessions: {
                                /** @description Told when it is over; null before, and where too little was typed */
                                actor: ("script" | "human") | null;
                                /** @description 0 script … 1 human */
                                actor_score: number | null;
                                /** @description 0 a visit as every day … 1 unlike any in training; null before it is over */
                                anomaly_score: number | null;
                                client_version: string | null;
                                command_count: number;
                                end_time: string | null;
                                event_count: number;
                                hassh: string | null;
                                id: string;
                                is_active: boolean;
                                is_probe: boolean;
                                last_command: string | null;
                                last_event_time: string;
                                /** @description How surprising its statements are in their order, 0 to 1 */
                                novelty: number | null;
                                /** @description Where its address is; null where nothing is known of it */
                                origin: {
                                    as_name: string | null;
                                    asn: number | null;
                                    country: string | null;
                                    network: string | null;
                                    reputation: number | null;
                                    scanner: string | null;
                                } | null;
                                protocol: string | null;
                                sensor: string;
                                session_id: string;
                                severity: string;
                                source_ip: string | null;
                                start_time: string;
                                successful_login: boolean;
                                techniques: string[];
                                threat_score: number;
                            }[];
                            successful_logins: number;
                            threat_level: string;
                            threat_score: number;
                            total_events: number;
                            total_sessions: number;
                            unique_passwords_count: number;
                            usernames: {
                                attempts: number;
                                username: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attackers/{ip}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write something about him for whoever comes next; it stays as it is */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    ip: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        text: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            text: string;
                            written_at: string;
                            /** @description `user:<name>` or `token:<name>` */
                            written_by: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attackers/{ip}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why his threat level is what it is, credentials, clients, techniques by day, campaigns, worlds, notes */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    ip: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The narrowest allowed network that holds this address */
                            allowed: {
                                added_at: string;
                                added_by: string;
                                id: string;
                                network: string;
                                reason: string;
                            } | null;
                            /** @description The highest of these sessions */
                            anomaly_score: number | null;
                            campaigns: {
                                addresses: number;
                                first_seen: string;
                                id: string;
                                last_seen: string;
                                name: string;
                                sensors: string[];
                                sessions: number;
                                severity: string;
                                techniques: string[];
                                threat_score: number;
                            }[];
                            clients: {
                                client_version: string | null;
                                hassh: string | null;
                                sessions: number;
                            }[];
                            credentials: {
                                attempts: number;
                                password: string | null;
                                successes: number;
                                username: string;
                            }[];
                            /** @description So many of his latest events tell the credentials */
                            events_read: number;
                            /** @description Shapes that nobody of ours had seen before these sessions */
                            first_shown: number;
                            humans: number;
                            /** @description Newest first, fifty at most */
                            notes: {
                                id: string;
                                text: string;
                                written_at: string;
                                /** @description `user:<name>` or `token:<name>` */
                                written_by: string;
                            }[];
                            /** @description The highest of these sessions */
                            novelty: number | null;
                            /** @description Other addresses of these campaigns, busiest first */
                            others: {
                                campaign: string;
                                ip_address: string;
                                sessions: number;
                            }[];
                            /** @description Sessions that a script typed, as far as that could be told */
                            scripts: number;
                            /** @description So many of his latest sessions tell clients, techniques and the highest scores */
                            sessions_read: number;
                            standing: {
                                created_at: string;
                                error: string | null;
                                expires_at: string | null;
                                id: string;
                                /** @enum {string} */
                                kind: "monitor" | "lock_down";
                                reason: string;
                                requested_by: string;
                                /** @enum {string} */
                                status: "waiting" | "planned" | "applied" | "verified" | "undoing" | "dry_run" | "refused" | "failed" | "undone";
                            }[];
                            techniques: {
                                days: {
                                    day: string;
                                    sessions: number;
                                }[];
                                name: string;
                                sessions: number;
                                technique: string;
                            }[];
                            /** @description What makes the threat level, gravest first */
                            threat_why: string[];
                            /** @description Lures of ours that he used */
                            touches: number;
                            /** @description What he left in decoys of ours, and finds again */
                            worlds: {
                                entered_at: string;
                                files: number;
                                made_at: string;
                                sensor: string;
                                world: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log, newest first, each entry with its place in the hash chain */
        get: {
            parameters: {
                query?: {
                    action?: string;
                    actor?: string;
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    subject?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @description <thing>.<verb>, such as approval.approve */
                                action: string;
                                /** @description token:<name>, command-line, link or engine */
                                actor: string;
                                at: string;
                                details: unknown;
                                hash: string | null;
                                id: number;
                                prev_hash: string | null;
                                seq: number | null;
                                subject: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look through the whole chain now for what was altered, moved, removed or cut off */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decisions: number;
                            entries: number;
                            faults: {
                                explanation: string;
                                /** @enum {string} */
                                kind: "altered" | "missing" | "broken_link" | "unsigned" | "truncated" | "decision_altered";
                                seq: number | null;
                            }[];
                            sound: boolean;
                            /** @description Inserted, and not chained yet */
                            waiting: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Campaigns, latest seen first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    /** @description The same as to */
                    end_date?: string;
                    from?: string;
                    limit?: number;
                    /** @description 1: also what came only once */
                    min_sessions?: number;
                    sensor?: string;
                    severity?: "LOW" | "MEDIUM" | "HIGH";
                    source_ip?: string;
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                addresses: number;
                                first_seen: string;
                                id: string;
                                last_seen: string;
                                name: string;
                                sensors: string[];
                                sessions: number;
                                severity: string;
                                techniques: string[];
                                threat_score: number;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One campaign with its evidence and its members; the id of one that was merged leads to its survivor */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            addresses: number;
                            evidence: {
                                campaigns: number;
                                first_seen: string;
                                /** @enum {string} */
                                kind: "key" | "payload" | "url" | "host" | "token" | "wallet" | "login_key" | "credentials" | "client" | "address";
                                last_seen: string;
                                sessions: number;
                                value: string;
                                witnesses: number;
                            }[];
                            first_seen: string;
                            id: string;
                            joined_by: {
                                /** @enum {string} */
                                kind: "key" | "payload" | "url" | "host" | "token" | "wallet" | "login_key" | "credentials" | "client" | "address" | "shape" | "similar";
                                sessions: number;
                                value: string;
                                values: number;
                            }[];
                            last_seen: string;
                            members: {
                                data: {
                                    score: number;
                                    sensor: string;
                                    session: string;
                                    session_id: string;
                                    severity: string;
                                    source_ip: string | null;
                                    start_time: string;
                                    why: {
                                        /** @enum {string} */
                                        kind: "key" | "payload" | "url" | "host" | "token" | "wallet" | "login_key" | "credentials" | "client" | "address" | "shape" | "similar";
                                        value: string;
                                        weight: number;
                                    }[];
                                }[];
                                next_cursor: string | null;
                            };
                            merged: {
                                id: string;
                                merged_at: string;
                                name: string;
                                why: unknown;
                            }[];
                            name: string;
                            sensors: string[];
                            sessions: number;
                            severity: string;
                            shapes: {
                                id: string;
                                sessions: number;
                                shape: string;
                            }[];
                            techniques: string[];
                            threat_score: number;
                            top_addresses: {
                                as_name: string | null;
                                country: string | null;
                                ip_address: string;
                                network: string | null;
                                sessions: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/campaigns/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Campaigns as CSV, each with the payloads, URLs, hosts and keys that its sessions share */
        get: {
            parameters: {
                query?: {
                    /** @description The same as to */
                    end_date?: string;
                    from?: string;
                    /** @description 1: also what came only once */
                    min_sessions?: number;
                    /** @description How many at most */
                    rows?: number;
                    sensor?: string;
                    severity?: "LOW" | "MEDIUM" | "HIGH";
                    source_ip?: string;
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configured channels, with what waits, was sent and failed in 30 days */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                failed: number;
                                last_error: string | null;
                                last_sent_at: string | null;
                                /** @enum {string} */
                                name: "webhook" | "slack" | "email" | "pagerduty" | "syslog";
                                sent: number;
                                target: string;
                                waiting: number;
                            }[];
                            next_cursor: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test notice on one channel, now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: "webhook" | "slack" | "email" | "pagerduty" | "syslog";
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivered: boolean;
                            error: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Commands, most frequent first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                command: string;
                                events: number;
                                first_seen: string;
                                last_seen: string;
                                severity: string;
                                shortened: boolean;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** User names and passwords that were tried, most frequent first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    username?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                attempts: number;
                                last_seen: string;
                                password: string | null;
                                shortened: boolean;
                                successes: number;
                                username: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Decisions and why, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    decision?: "monitor" | "rotate_key" | "launch_decoy" | "insert_trap" | "escalate";
                    limit?: number;
                    rule?: string;
                    session_id?: string;
                    verdict?: "act" | "ask" | "nothing";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                adaptations: string[];
                                confidence: number;
                                decided_at: string;
                                decision: string;
                                event_id: string;
                                /** @description What kept it from being done */
                                guard: string | null;
                                id: string;
                                model_version: string;
                                policy_version: string;
                                rule: string;
                                sensor: string;
                                session_id: string;
                                severity: string;
                                source_ip: string | null;
                                target: string;
                                threat_score: number;
                                /** @description act, ask (a person must agree) or nothing */
                                verdict: string;
                                /** @description What the rule wanted, whatever the guards said */
                                wanted: string;
                                why: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/decisions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One decision explained: what was known, and which rule held */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            adaptations: string[];
                            also: string[];
                            approval: {
                                answered_by: string | null;
                                status: string;
                            } | null;
                            confidence: number;
                            decided_at: string;
                            decision: string;
                            draws: unknown;
                            event_id: string;
                            /** @description For people */
                            explanation: string;
                            /** @description What kept it from being done */
                            guard: string | null;
                            id: string;
                            inputs: unknown;
                            lifetime_seconds: number | null;
                            model_version: string;
                            parameters: unknown;
                            policy_version: string;
                            quiet_until: string | null;
                            rule: string;
                            /** @description Each rule of that time's policy against what was known then */
                            rules: {
                                conditions: {
                                    came: unknown;
                                    condition: string;
                                    holds: boolean;
                                    wanted: unknown;
                                }[];
                                decision: string;
                                holds: boolean;
                                rule: string;
                            }[];
                            sensor: string;
                            session_id: string;
                            severity: string;
                            source_ip: string | null;
                            target: string;
                            threat_score: number;
                            /** @description act, ask (a person must agree) or nothing */
                            verdict: string;
                            /** @description What the rule wanted, whatever the guards said */
                            wanted: string;
                            why: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/detectability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What gives our honeypots away: the newest test of each sensor, or all of one */
        get: {
            parameters: {
                query?: {
                    sensor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                marks: {
                                    hostKeys: string[];
                                    hostname: string | null;
                                    machineId: string | null;
                                };
                                score: number;
                                sensor: string | null;
                                target: string;
                                tells: {
                                    fix: string;
                                    id: string;
                                    saw: string;
                                    says: string;
                                    /** @enum {string} */
                                    weight: "known" | "odd";
                                }[];
                                tested: string[];
                                untested: {
                                    test: string;
                                    why: string;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Visit a sensor of ours as a suspicious attacker would, and say what gives it away; takes up to two minutes */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        sensor: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                            marks: {
                                hostKeys: string[];
                                hostname: string | null;
                                machineId: string | null;
                            };
                            score: number;
                            sensor: string | null;
                            target: string;
                            tells: {
                                fix: string;
                                id: string;
                                saw: string;
                                says: string;
                                /** @enum {string} */
                                weight: "known" | "odd";
                            }[];
                            tested: string[];
                            untested: {
                                test: string;
                                why: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What `cerberus doctor` finds, with the rights of the engine, and the fix of each fault */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            findings: {
                                check: string;
                                fix: string | null;
                                says: string;
                                /** @enum {string} */
                                state: "sound" | "off" | "fault";
                            }[];
                            sound: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, newest first; q searches them */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    /** @description The same as to */
                    end_date?: string;
                    event_type?: string;
                    from?: string;
                    /** @description true: also our own probe's visits */
                    include_probe?: "0" | "1" | "true" | "false";
                    limit?: number;
                    /** @description A search: severity:HIGH -user:root "a text" (a OR b). Fields: severity, technique, ip, type, command, user, password, session, sensor, attack, score, anomaly, confidence, why, raw, protocol, port, is, country, asn, after, before, on */
                    q?: string;
                    sensor?: string;
                    session_id?: string;
                    /** @description UNKNOWN, LOW, MEDIUM, HIGH; several with commas between */
                    severity?: string;
                    source_ip?: string;
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                    /** @description The same as event_type */
                    type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                anomaly_score: number | null;
                                attack_type: string | null;
                                command: string | null;
                                confidence: number | null;
                                event_type: string;
                                id: string;
                                is_analyzed: boolean;
                                is_probe: boolean;
                                password: string | null;
                                protocol: string | null;
                                sensor: string;
                                session_id: string | null;
                                severity: string;
                                shortened: boolean;
                                source_ip: string | null;
                                source_port: number | null;
                                techniques: string[];
                                threat_score: number | null;
                                timestamp: string;
                                username: string | null;
                                why: string | null;
                            }[];
                            next_cursor: string | null;
                            searched_to?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One event, whole, with its session and its neighbours there */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            after: {
                                anomaly_score: number | null;
                                attack_type: string | null;
                                command: string | null;
                                confidence: number | null;
                                event_type: string;
                                id: string;
                                is_analyzed: boolean;
                                is_probe: boolean;
                                password: string | null;
                                protocol: string | null;
                                sensor: string;
                                session_id: string | null;
                                severity: string;
                                shortened: boolean;
                                source_ip: string | null;
                                source_port: number | null;
                                techniques: string[];
                                threat_score: number | null;
                                timestamp: string;
                                username: string | null;
                                why: string | null;
                            }[];
                            anomaly_score: number | null;
                            assessment: unknown;
                            attack_type: string | null;
                            before: {
                                anomaly_score: number | null;
                                attack_type: string | null;
                                command: string | null;
                                confidence: number | null;
                                event_type: string;
                                id: string;
                                is_analyzed: boolean;
                                is_probe: boolean;
                                password: string | null;
                                protocol: string | null;
                                sensor: string;
                                session_id: string | null;
                                severity: string;
                                shortened: boolean;
                                source_ip: string | null;
                                source_port: number | null;
                                techniques: string[];
                                threat_score: number | null;
                                timestamp: string;
                                username: string | null;
                                why: string | null;
                            }[];
                            command: string | null;
                            confidence: number | null;
                            event_type: string;
                            id: string;
                            is_analyzed: boolean;
                            is_probe: boolean;
                            password: string | null;
                            protocol: string | null;
                            raw_bytes: string | null;
                            raw_event: unknown;
                            sensor: string;
                            session: {
                                client_version: string | null;
                                command_count: number;
                                end_time: string | null;
                                event_count: number;
                                id: string;
                                is_active: boolean;
                                session_id: string;
                                severity: string;
                                start_time: string;
                                successful_login: boolean;
                            } | null;
                            session_id: string | null;
                            severity: string;
                            shortened: boolean;
                            source_ip: string | null;
                            source_port: number | null;
                            techniques: string[];
                            threat_score: number | null;
                            timestamp: string;
                            username: string | null;
                            why: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what an event really was; it holds at once, and the next training learns from it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note?: string;
                        /**
                         * @description What it should have been; with corrected, and only there
                         * @enum {string}
                         */
                        severity?: "LOW" | "MEDIUM" | "HIGH";
                        /** @enum {string} */
                        verdict: "false_positive" | "corrected" | "confirmed";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            command: string | null;
                            event_id: string;
                            event_type: string;
                            given_at: string;
                            given_by: string;
                            /** @description Commands are judged by a trained model; other events have a meaning by definition */
                            learnable: boolean;
                            note: string | null;
                            /**
                             * @description What a person says it is: the label that training learns from
                             * @enum {string}
                             */
                            severity: "LOW" | "MEDIUM" | "HIGH";
                            /**
                             * @description What the model had said
                             * @enum {string}
                             */
                            told: "UNKNOWN" | "LOW" | "MEDIUM" | "HIGH";
                            /** @enum {string} */
                            verdict: "false_positive" | "corrected" | "confirmed";
                        };
                    };
                };
            };
        };
        /** Take back what was said of an event; what the model had told holds again, at once */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            event_id: string;
                            /** @enum {string} */
                            severity: "UNKNOWN" | "LOW" | "MEDIUM" | "HIGH";
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The events of a search as CSV, JSON or NDJSON; cells that a spreadsheet would run are made text */
        get: {
            parameters: {
                query?: {
                    /** @description With commas between, of: id, event_type, timestamp, sensor, session_id, protocol, source_ip, source_port, command, shortened, username, password, severity, threat_score, anomaly_score, attack_type, confidence, techniques, why, is_analyzed, is_probe; all unless said */
                    columns?: string;
                    /** @description The same as to */
                    end_date?: string;
                    event_type?: string;
                    format?: "csv" | "json" | "ndjson";
                    from?: string;
                    /** @description true: also our own probe's visits */
                    include_probe?: "0" | "1" | "true" | "false";
                    /** @description A search: severity:HIGH -user:root "a text" (a OR b). Fields: severity, technique, ip, type, command, user, password, session, sensor, attack, score, anomaly, confidence, why, raw, protocol, port, is, country, asn, after, before, on */
                    q?: string;
                    /** @description How many at most */
                    rows?: number;
                    sensor?: string;
                    session_id?: string;
                    /** @description UNKNOWN, LOW, MEDIUM, HIGH; several with commas between */
                    severity?: string;
                    source_ip?: string;
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                    /** @description The same as event_type */
                    type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people said of events, or of one, the latest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    event_id?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                command: string | null;
                                event_id: string;
                                event_type: string;
                                given_at: string;
                                given_by: string;
                                /** @description Commands are judged by a trained model; other events have a meaning by definition */
                                learnable: boolean;
                                note: string | null;
                                /**
                                 * @description What a person says it is: the label that training learns from
                                 * @enum {string}
                                 */
                                severity: "LOW" | "MEDIUM" | "HIGH";
                                /**
                                 * @description What the model had said
                                 * @enum {string}
                                 */
                                told: "UNKNOWN" | "LOW" | "MEDIUM" | "HIGH";
                                /** @enum {string} */
                                verdict: "false_positive" | "corrected" | "confirmed";
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feeds/blocklist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Addresses to block now, one a line; with Accept: application/json also why and until when */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                address: string;
                                reason: string;
                                since: string;
                                until: string;
                            }[];
                            next_cursor: null;
                        } | string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Day by day: attack patterns, what decisions came to, how long they took, what this program used */
        get: {
            parameters: {
                query?: {
                    days?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decisions: {
                                acted: number;
                                asked: number;
                                day: string;
                                failed: number;
                                false_alarms: number;
                                verified: number;
                            }[];
                            patterns: {
                                change: number | null;
                                days: {
                                    day: string;
                                    sessions: number;
                                }[];
                                name: string;
                                sessions: number;
                                technique: string;
                            }[];
                            resources: {
                                at: string;
                                cpu_share: number;
                                database_bytes: number;
                                events_per_minute: number;
                                loop_delay_ms: number;
                                memory_bytes: number;
                            }[];
                            response: {
                                day: string;
                                decision_ms: {
                                    p50: number;
                                    p95: number;
                                } | null;
                                verified_ms: {
                                    p50: number;
                                    p95: number;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kept-files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recordings and payloads that were kept of watched visitors, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    kind?: "recording" | "payload";
                    limit?: number;
                    session_id?: string;
                    source_ip?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                bytes: number | null;
                                /** @description Null while a recording still goes on */
                                event_id: string | null;
                                id: string;
                                kept_at: string;
                                kind: string;
                                /** @description As the honeypot calls it */
                                name: string;
                                note: string | null;
                                /** @description In the data folder of the engine; null where there was nothing to keep */
                                path: string | null;
                                sensor: string;
                                session_id: string;
                                sha256: string | null;
                                source_ip: string | null;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kill-switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the kill switch is on, and how much stands */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            approvals_cancelled: number;
                            jobs_cancelled: number;
                            /** @description Traps in their attackers' own worlds, which stay, apart from those that stand */
                            kept: number;
                            on: boolean;
                            /** @description What could not be undone yet; it is tried again every few seconds */
                            refused: {
                                explanation: string;
                                id: string;
                            }[];
                            standing: number;
                            /** @description Some of what stands, at most 10, those that could not be taken back first */
                            standing_things: {
                                place: string;
                                /** @enum {string} */
                                type: "adaptation" | "action";
                                /** @description Why it could not be taken back so far; null where nobody tried */
                                undo_error: string | null;
                                what: string;
                            }[];
                            /** @description By this request */
                            undone: number;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Stop everything, call off what waits, and undo what stands; or let it go on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        on: boolean;
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            approvals_cancelled: number;
                            jobs_cancelled: number;
                            /** @description Traps in their attackers' own worlds, which stay, apart from those that stand */
                            kept: number;
                            on: boolean;
                            /** @description What could not be undone yet; it is tried again every few seconds */
                            refused: {
                                explanation: string;
                                id: string;
                            }[];
                            standing: number;
                            /** @description Some of what stands, at most 10, those that could not be taken back first */
                            standing_things: {
                                place: string;
                                /** @enum {string} */
                                type: "adaptation" | "action";
                                /** @description Why it could not be taken back so far; null where nobody tried */
                                undo_error: string | null;
                                what: string;
                            }[];
                            /** @description By this request */
                            undone: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Planted secrets, for whom they were planted and who read them first, newest first */
        get: {
            parameters: {
                query?: {
                    adaptation_id?: string;
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    kind?: "aws_access_key" | "aws_secret_key" | "password" | "username" | "token" | "ssh_key" | "host" | "wallet";
                    limit?: number;
                    /** @description The session for which it was planted */
                    session_id?: string;
                    /** @description The attacker for whom it was planted, or who read it first */
                    source_ip?: string;
                    /** @description Only those that were used, or were not */
                    touched?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                action_type: string | null;
                                adaptation_id: string | null;
                                first_read_at: string | null;
                                first_read_ip: string | null;
                                first_read_session: string | null;
                                id: string;
                                kind: string;
                                path: string;
                                planted_at: string;
                                sensor: string | null;
                                /** @description For whom it was planted; null for what every visitor sees */
                                session_id: string | null;
                                /** @description A key's id, a user's name: what gives nothing away */
                                shown: string | null;
                                source_ip: string | null;
                                touches: number;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/managed-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys that may be rotated, without their private parts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                authorized_keys: string | null;
                                created_at: string;
                                fingerprint: string;
                                host: string | null;
                                host_key: string | null;
                                /** @enum {string} */
                                kind: "ssh" | "ec2";
                                name: string;
                                pair_name: string | null;
                                port: number | null;
                                public_key: string;
                                region: string | null;
                                rest_hours: number;
                                rotated_at: string | null;
                                username: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/managed-keys/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Make a key known, or replace what is known of it; nothing is sent to the host */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default .ssh/authorized_keys */
                        authorized_keys?: string;
                        host: string;
                        /** @description The host's own key: ssh-keyscan HOST | ssh-keygen -lf - */
                        host_key: string;
                        /**
                         * @default ssh
                         * @enum {string}
                         */
                        kind?: "ssh";
                        /** @default 22 */
                        port?: number;
                        /** @description The private key that logs in now, OpenSSH or PEM, no pass phrase */
                        private_key: string;
                        /**
                         * @description So long it is left alone after a rotation
                         * @default 24
                         */
                        rest_hours?: number;
                        username: string;
                    } | {
                        /** @enum {string} */
                        kind: "ec2";
                        /** @description The pair's name at AWS */
                        pair_name: string;
                        /** @description The private key that logs in now, OpenSSH or PEM, no pass phrase */
                        private_key: string;
                        region: string;
                        /**
                         * @description So long it is left alone after a rotation
                         * @default 24
                         */
                        rest_hours?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authorized_keys: string | null;
                            created_at: string;
                            fingerprint: string;
                            host: string | null;
                            host_key: string | null;
                            /** @enum {string} */
                            kind: "ssh" | "ec2";
                            name: string;
                            pair_name: string | null;
                            port: number | null;
                            public_key: string;
                            region: string | null;
                            rest_hours: number;
                            rotated_at: string | null;
                            username: string | null;
                        };
                    };
                };
            };
        };
        post?: never;
        /** Forget a key; the host is left as it is */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            removed: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asks, and what he may */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description A signed-in person sends it as X-CSRF-Token with all but GET */
                            csrf_token: string | null;
                            has_password: boolean;
                            /** @enum {string} */
                            kind: "token" | "user";
                            name: string;
                            /** @description Left */
                            recovery_codes: number;
                            /** @enum {string} */
                            role: "sensor" | "viewer" | "operator" | "admin";
                            scopes: ("actions" | "adaptations" | "analyses" | "approvals" | "artifacts" | "attackers" | "audit" | "campaigns" | "config" | "decisions" | "events" | "feeds" | "live" | "lures" | "models" | "notices" | "operations" | "policy" | "searches" | "sensors" | "sessions" | "sources" | "stats" | "tokens" | "users")[] | null;
                            second_factor: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another password; ends all other sessions */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At least 12 characters */
                        current: string;
                        /** @description At least 12 characters */
                        wanted: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin with an authenticator */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Base32, for typing */
                            secret: string;
                            /** @description otpauth://, for drawing */
                            uri: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Its first code; from now on it is asked for. The recovery codes are told this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Six digits of the authenticator, or a recovery code */
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Each is good once */
                            recovery_codes: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/totp/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do without it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At least 12 characters */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The version in use with its cards, the others, drift, trainings and what is assessed again */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            current: {
                                cards: ({
                                    /** @description On what confusion was measured on, by rising confidence */
                                    calibration?: {
                                        confidence: number;
                                        items: number;
                                        right: number;
                                    }[];
                                    confusion?: {
                                        labels: string[];
                                        rows: number[][];
                                    };
                                    features: number;
                                    figures: {
                                        [key: string]: unknown;
                                    };
                                    measuredBy: string;
                                    method: string;
                                    model: string;
                                    purpose: string;
                                    trainedOn: {
                                        count: number;
                                        name: string;
                                        note: string;
                                    }[];
                                    version: string;
                                    weaknesses: string[];
                                } & {
                                    [key: string]: unknown;
                                })[];
                                comparisons: {
                                    candidate: number;
                                    current: number;
                                    difference: [
                                        number,
                                        number
                                    ];
                                    figure: string;
                                    groups: number;
                                    items: number;
                                    margin: number;
                                    passed: boolean;
                                }[];
                                created_at: string | null;
                                created_by: string;
                                current: boolean;
                                events: number;
                                feedback: number;
                                from: string | null;
                                parent: string | null;
                                promoted_at: string | null;
                                to: string | null;
                                version: string;
                                why: string;
                            };
                            drift: {
                                computed_at: string;
                                events: number;
                                features: {
                                    buckets: {
                                        label: string;
                                        now: number;
                                        reference: number;
                                    }[];
                                    name: string;
                                    psi: number;
                                    /** @enum {string} */
                                    status: "stable" | "shifting" | "drifted" | "unknown";
                                }[];
                                from: string | null;
                                /** @enum {string} */
                                status: "stable" | "shifting" | "drifted" | "unknown";
                                to: string | null;
                                version: string;
                            };
                            reassessments: {
                                /** @enum {string} */
                                cause: "unanalyzed" | "asked";
                                /** @description Events whose severity is another now */
                                changed: number;
                                ended_at: string | null;
                                events: number;
                                from: string | null;
                                id: string;
                                started_at: string;
                                started_by: string;
                                /** @enum {string} */
                                state: "running" | "done";
                                to: string | null;
                            }[];
                            trainings: {
                                days: number | null;
                                done: number;
                                ended_at: string | null;
                                id: string;
                                promoted: boolean | null;
                                started_at: string;
                                started_by: string;
                                /** @enum {string} */
                                state: "running" | "done" | "refused" | "failed";
                                step: string;
                                version: string | null;
                                why: string | null;
                            }[];
                            versions: {
                                comparisons: {
                                    candidate: number;
                                    current: number;
                                    difference: [
                                        number,
                                        number
                                    ];
                                    figure: string;
                                    groups: number;
                                    items: number;
                                    margin: number;
                                    passed: boolean;
                                }[];
                                created_at: string | null;
                                created_by: string;
                                current: boolean;
                                events: number;
                                feedback: number;
                                from: string | null;
                                parent: string | null;
                                promoted_at: string | null;
                                to: string | null;
                                version: string;
                                why: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version with its cards; "shipped" is the one that came with the program */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cards: ({
                                /** @description On what confusion was measured on, by rising confidence */
                                calibration?: {
                                    confidence: number;
                                    items: number;
                                    right: number;
                                }[];
                                confusion?: {
                                    labels: string[];
                                    rows: number[][];
                                };
                                features: number;
                                figures: {
                                    [key: string]: unknown;
                                };
                                measuredBy: string;
                                method: string;
                                model: string;
                                purpose: string;
                                trainedOn: {
                                    count: number;
                                    name: string;
                                    note: string;
                                }[];
                                version: string;
                                weaknesses: string[];
                            } & {
                                [key: string]: unknown;
                            })[];
                            comparisons: {
                                candidate: number;
                                current: number;
                                difference: [
                                    number,
                                    number
                                ];
                                figure: string;
                                groups: number;
                                items: number;
                                margin: number;
                                passed: boolean;
                            }[];
                            created_at: string | null;
                            created_by: string;
                            current: boolean;
                            events: number;
                            feedback: number;
                            from: string | null;
                            parent: string | null;
                            promoted_at: string | null;
                            to: string | null;
                            version: string;
                            why: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{version}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a version into use, without a restart */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cards: ({
                                /** @description On what confusion was measured on, by rising confidence */
                                calibration?: {
                                    confidence: number;
                                    items: number;
                                    right: number;
                                }[];
                                confusion?: {
                                    labels: string[];
                                    rows: number[][];
                                };
                                features: number;
                                figures: {
                                    [key: string]: unknown;
                                };
                                measuredBy: string;
                                method: string;
                                model: string;
                                purpose: string;
                                trainedOn: {
                                    count: number;
                                    name: string;
                                    note: string;
                                }[];
                                version: string;
                                weaknesses: string[];
                            } & {
                                [key: string]: unknown;
                            })[];
                            comparisons: {
                                candidate: number;
                                current: number;
                                difference: [
                                    number,
                                    number
                                ];
                                figure: string;
                                groups: number;
                                items: number;
                                margin: number;
                                passed: boolean;
                            }[];
                            created_at: string | null;
                            created_by: string;
                            current: boolean;
                            events: number;
                            feedback: number;
                            from: string | null;
                            parent: string | null;
                            promoted_at: string | null;
                            to: string | null;
                            version: string;
                            why: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/reassess": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Assess the events of the last days again, with the version in use */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        days: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            cause: "unanalyzed" | "asked";
                            /** @description Events whose severity is another now */
                            changed: number;
                            ended_at: string | null;
                            events: number;
                            from: string | null;
                            id: string;
                            started_at: string;
                            started_by: string;
                            /** @enum {string} */
                            state: "running" | "done";
                            to: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go back to the version before the one in use */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cards: ({
                                /** @description On what confusion was measured on, by rising confidence */
                                calibration?: {
                                    confidence: number;
                                    items: number;
                                    right: number;
                                }[];
                                confusion?: {
                                    labels: string[];
                                    rows: number[][];
                                };
                                features: number;
                                figures: {
                                    [key: string]: unknown;
                                };
                                measuredBy: string;
                                method: string;
                                model: string;
                                purpose: string;
                                trainedOn: {
                                    count: number;
                                    name: string;
                                    note: string;
                                }[];
                                version: string;
                                weaknesses: string[];
                            } & {
                                [key: string]: unknown;
                            })[];
                            comparisons: {
                                candidate: number;
                                current: number;
                                difference: [
                                    number,
                                    number
                                ];
                                figure: string;
                                groups: number;
                                items: number;
                                margin: number;
                                passed: boolean;
                            }[];
                            created_at: string | null;
                            created_by: string;
                            current: boolean;
                            events: number;
                            feedback: number;
                            from: string | null;
                            parent: string | null;
                            promoted_at: string | null;
                            to: string | null;
                            version: string;
                            why: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Train a new version from stored events and feedback; GET /api/models and the live feed say how far it is */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Only events of the last days; without it all */
                        days?: number;
                        /**
                         * @description Take the new version into use where it is not worse
                         * @default true
                         */
                        promote?: boolean;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            days: number | null;
                            done: number;
                            ended_at: string | null;
                            id: string;
                            promoted: boolean | null;
                            started_at: string;
                            started_by: string;
                            /** @enum {string} */
                            state: "running" | "done" | "refused" | "failed";
                            step: string;
                            version: string | null;
                            why: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notices and what became of them, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    status?: "waiting" | "sent" | "digested" | "failed";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                attempts: number;
                                channel: string;
                                created_at: string;
                                group: string;
                                id: string;
                                last_error: string | null;
                                repeats: number;
                                sent_at: string | null;
                                severity: string;
                                /** @enum {string} */
                                status: "waiting" | "sent" | "digested" | "failed";
                                subject: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/novelty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shapes of sessions or statements that no sensor had seen before; without a period those of the last 24 hours */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    /** @description The same as to */
                    end_date?: string;
                    from?: string;
                    kind?: "statement" | "session";
                    limit?: number;
                    one_sensor?: "0" | "1" | "true" | "false";
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                first_seen: string;
                                first_session: string;
                                id: string;
                                kind: string;
                                last_seen: string;
                                sensors: string[];
                                sessions: number;
                                shape: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/parked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines that could not be read, and why; newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    include_resolved?: "0" | "1" | "true" | "false";
                    limit?: number;
                    reason?: string;
                    source_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                bytes: number;
                                covered_bytes: number;
                                event_id: string | null;
                                explanation: string;
                                id: string;
                                parked_at: string;
                                reason: string;
                                retried_at: string | null;
                                source_id: string;
                                text: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/parked/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read parked lines again, for example after an update */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ids?: string[];
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            retried: number;
                            still_parked: number;
                            stored: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The policy in force */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            policy: unknown;
                            /** @description The policy's own, and the beginning of its content's hash */
                            version: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policy/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check a policy; its faults come as an error */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            policy: unknown;
                            /** @description The policy's own, and the beginning of its content's hash */
                            version: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policy/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a policy would have decided on what was recorded */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description A week ago */
                        from?: string;
                        /** @description Without it the one in force */
                        policy?: {
                            [key: string]: unknown;
                        };
                        /** @description Exclusive; now */
                        to?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The first of them */
                            changes: {
                                at: string;
                                /** @description In words: with what, for how long, and what beside it */
                                recorded: string[];
                                sensor: string;
                                session_id: string;
                                source_ip: string | null;
                                would: string[];
                            }[];
                            /** @description False where the period held more than was read */
                            complete: boolean;
                            from: string;
                            /** @description What guards would have kept from being done, by guard */
                            kept_from: {
                                [key: string]: number;
                            };
                            /** @description Recorded states of sessions that were decided on again */
                            moments: number;
                            /** @description What was decided to be done then, by kind; `(asked)` where a person had to agree */
                            recorded: {
                                [key: string]: number;
                            };
                            sessions: number;
                            sessions_changed: number;
                            to: string;
                            version: string;
                            /** @description What would have been */
                            would: {
                                [key: string]: number;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policy/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the policy's file again; with faults the old one stays */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            policy: unknown;
                            /** @description The policy's own, and the beginning of its content's hash */
                            version: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long events are kept, how much of them there is, and what other limits would take out */
        get: {
            parameters: {
                query?: {
                    days?: number;
                    disk_free_megabytes?: number;
                    megabytes?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether months are written into CERBERUS_ARCHIVE_DIR before they go */
                            archived: boolean;
                            database_bytes: number;
                            /** @description CERBERUS_RETENTION_DAYS; null: for ever */
                            days: number | null;
                            /** @description CERBERUS_DISK_FREE_MB; null: not looked at */
                            disk_free_megabytes: number | null;
                            event_bytes: number;
                            /** @description What goes within a minute under these limits, or under those that were asked about */
                            expires: {
                                month: string;
                                /** @enum {string} */
                                reason: "age" | "size" | "disk";
                            }[];
                            /** @description CERBERUS_RETENTION_MB; null: without bound */
                            megabytes: number | null;
                            months: {
                                bytes: number;
                                month: string;
                            }[];
                            /** @description What these take on the disk now */
                            parked_bytes: number;
                            /** @description CERBERUS_PARKED_MB: of lines that could not be read */
                            parked_megabytes: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The searches that the asker has saved */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                columns: string[];
                                created_at: string;
                                id: string;
                                /** @enum {string} */
                                list: "events" | "sessions" | "attackers";
                                name: string;
                                q: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Saves a search for the asker; one of the same name is replaced */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default [] */
                        columns?: string[];
                        /**
                         * @default events
                         * @enum {string}
                         */
                        list?: "events" | "sessions" | "attackers";
                        /** @description One that is used already is replaced */
                        name: string;
                        q: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            columns: string[];
                            created_at: string;
                            id: string;
                            /** @enum {string} */
                            list: "events" | "sessions" | "attackers";
                            name: string;
                            q: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/searches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a saved search away */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            removed: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sensors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sensors on other machines and launched honeypots: heartbeat, version, clock, what is wrong */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                alert: string | null;
                                alert_since: string | null;
                                clock_skew_ms: number | null;
                                enrolled_at: string | null;
                                heartbeat: {
                                    log: {
                                        active: boolean;
                                        lastLineAt: string | null;
                                        problem: string | null;
                                        unreadBytes: number;
                                    };
                                    lost: {
                                        bytes: number;
                                        times: number;
                                    };
                                    prepared: boolean;
                                    rssBytes: number;
                                    /** Format: date-time */
                                    sentAt: string;
                                    spool: {
                                        bytes: number;
                                        bytesMax: number;
                                    };
                                    /** Format: date-time */
                                    startedAt: string;
                                    version: string;
                                } | null;
                                kind: string;
                                last_seen: string | null;
                                place: string;
                                revoked_at: string | null;
                                sensor: string;
                            }[];
                            next_cursor: null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Invite a sensor: what `cerberus sensor enrol` needs, shown this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        sensor: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of this hub's certificate: cerberus sensor enrol --fingerprint */
                            fingerprint: string;
                            sensor: string;
                            /** @description Good once, for a day: cerberus sensor enrol --token */
                            token: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sensors/{sensor}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a sensor: nothing more is taken from it, at once; what it sent stays */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sensor: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description true: only open ones, false: only ended ones */
                    active?: "0" | "1" | "true" | "false";
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    /** @description The same as to */
                    end_date?: string;
                    from?: string;
                    include_probe?: "0" | "1" | "true" | "false";
                    limit?: number;
                    /** @description A search: severity:HIGH -user:root "a text" (a OR b). Fields: severity, technique, ip, session, sensor, protocol, client, hassh, score, events, commands, is, country, asn, after, before, on */
                    q?: string;
                    sensor?: string;
                    severity?: string;
                    source_ip?: string;
                    /** @description The same as from */
                    start_date?: string;
                    successful_login?: "0" | "1" | "true" | "false";
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @description Told when it is over; null before, and where too little was typed */
                                actor: ("script" | "human") | null;
                                /** @description 0 script … 1 human */
                                actor_score: number | null;
                                /** @description 0 a visit as every day … 1 unlike any in training; null before it is over */
                                anomaly_score: number | null;
                                client_version: string | null;
                                command_count: number;
                                end_time: string | null;
                                event_count: number;
                                hassh: string | null;
                                id: string;
                                is_active: boolean;
                                is_probe: boolean;
                                last_command: string | null;
                                last_event_time: string;
                                /** @description How surprising its statements are in their order, 0 to 1 */
                                novelty: number | null;
                                /** @description Where its address is; null where nothing is known of it */
                                origin: {
                                    as_name: string | null;
                                    asn: number | null;
                                    country: string | null;
                                    network: string | null;
                                    reputation: number | null;
                                    scanner: string | null;
                                } | null;
                                protocol: string | null;
                                sensor: string;
                                session_id: string;
                                severity: string;
                                source_ip: string | null;
                                start_time: string;
                                successful_login: boolean;
                                techniques: string[];
                                threat_score: number;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session and its events, oldest first; limit and cursor page through the events */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    sensor?: string;
                };
                header?: never;
                path: {
                    /** @description The id of the row, or the session id of the honeypot */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Told when it is over; null before, and where too little was typed */
                            actor: ("script" | "human") | null;
                            /** @description 0 script … 1 human */
                            actor_score: number | null;
                            /** @description 0 a visit as every day … 1 unlike any in training; null before it is over */
                            anomaly_score: number | null;
                            /** @description What makes it unlike: each trait, with the anomaly score it would have with a usual one; null below 0.8 */
                            anomaly_why: string | null;
                            client_version: string | null;
                            command_count: number;
                            end_time: string | null;
                            event_count: number;
                            hassh: string | null;
                            id: string;
                            is_active: boolean;
                            is_probe: boolean;
                            last_command: string | null;
                            last_event_time: string;
                            /** @description How surprising its statements are in their order, 0 to 1 */
                            novelty: number | null;
                            /** @description What of it was never seen, and the most surprising statement; null where all of it was seen */
                            novelty_why: string | null;
                            /** @description Where its address is; null where nothing is known of it */
                            origin: {
                                as_name: string | null;
                                asn: number | null;
                                country: string | null;
                                network: string | null;
                                reputation: number | null;
                                scanner: string | null;
                            } | null;
                            protocol: string | null;
                            sensor: string;
                            session_id: string;
                            severity: string;
                            source_ip: string | null;
                            start_time: string;
                            successful_login: boolean;
                            techniques: string[];
                            threat_score: number;
                            timeline: {
                                data: {
                                    anomaly_score: number | null;
                                    attack_type: string | null;
                                    command: string | null;
                                    confidence: number | null;
                                    event_type: string;
                                    findings: {
                                        id: string;
                                        span?: {
                                            end: number;
                                            start: number;
                                        };
                                        why: string;
                                    }[];
                                    id: string;
                                    is_analyzed: boolean;
                                    is_probe: boolean;
                                    password: string | null;
                                    protocol: string | null;
                                    sensor: string;
                                    session_id: string | null;
                                    severity: string;
                                    shortened: boolean;
                                    source_ip: string | null;
                                    source_port: number | null;
                                    techniques: string[];
                                    threat_score: number | null;
                                    timestamp: string;
                                    username: string | null;
                                    why: string | null;
                                }[];
                                next_cursor: string | null;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recordings and files of a session, oldest first; at most 200 */
        get: {
            parameters: {
                query?: {
                    sensor?: string;
                };
                header?: never;
                path: {
                    /** @description The id of the row, or the session id of the honeypot */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                event_id: string;
                                /** @description Of the same content, in any session */
                                first_seen: string;
                                /** @description The honeypot had it already: of a recording, the output is that of an earlier session */
                                is_repeat: boolean;
                                /** @enum {string} */
                                kind: "recording" | "download" | "upload";
                                /** @description The URL, file name or path that the honeypot told */
                                name: string;
                                /** @description What the honeypot calls it */
                                named_sha256: string;
                                seen_at: string;
                                /** @description Sessions that had the same content */
                                sessions: number;
                                sha256: string | null;
                                size_bytes: number | null;
                                /**
                                 * @description waiting: not brought in yet; dropped: was kept, and room was needed; missing, too_large, refused: see why; elsewhere: the sensor keeps it
                                 * @enum {string}
                                 */
                                state: "waiting" | "kept" | "dropped" | "missing" | "too_large" | "refused" | "elsewhere";
                                /** @description What providers say of a file by its hash: 0 harmless to 1 known bad, null where they know nothing */
                                verdicts: {
                                    provider: string;
                                    says: string;
                                    score: number | null;
                                }[];
                                why: string | null;
                            }[];
                            next_cursor: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/kin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A session's campaign and why, whether its shape was new, and sessions that did the same */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            campaign: {
                                addresses: number;
                                first_seen: string;
                                id: string;
                                last_seen: string;
                                name: string;
                                sensors: string[];
                                sessions: number;
                                severity: string;
                                techniques: string[];
                                threat_score: number;
                            } | null;
                            score: number | null;
                            shape: {
                                first_seen: string;
                                id: string;
                                is_new: boolean;
                                sensors: string[];
                                sessions: number;
                                shape: string;
                            } | null;
                            similar: {
                                sensor: string;
                                session: string;
                                session_id: string;
                                severity: string;
                                source_ip: string | null;
                                start_time: string;
                            }[];
                            why: {
                                /** @enum {string} */
                                kind: "key" | "payload" | "url" | "host" | "token" | "wallet" | "login_key" | "credentials" | "client" | "address" | "shape" | "similar";
                                value: string;
                                weight: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the visitor saw and typed, as asciicast v2; its channels one after the other */
        get: {
            parameters: {
                query?: {
                    sensor?: string;
                };
                header?: never;
                path: {
                    /** @description The id of the row, or the session id of the honeypot */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in; the session is a cookie that no script can read */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Six digits of the authenticator, or a recovery code */
                        code?: string;
                        name: string;
                        /** @description At least 12 characters */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            state: "signed_in" | "second_factor";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in/sso": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** To the OpenID provider */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in/sso/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Back from it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people sign in here */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether a session's cookie came along, which no script can see; /api/me says whether it holds */
                            has_cookie: boolean;
                            /** @description What the button says; null where no OpenID provider is configured */
                            single_sign_on: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ledger of each source: bytes_seen = bytes_stored + bytes_parked + bytes_unread */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                active: boolean;
                                balanced: boolean;
                                bytes_duplicate: number;
                                bytes_lost: number;
                                bytes_parked: number;
                                bytes_seen: number;
                                bytes_stored: number;
                                bytes_unread: number;
                                kind: string;
                                last_event_at: string | null;
                                lines_duplicate: number;
                                lines_parked: number;
                                lines_stored: number;
                                place: string;
                                problem: string | null;
                                source_id: string;
                                updated_at: string;
                                /** @description Not there yet, and nobody said that it is: read as soon as it is, and no fault until then */
                                waiting: boolean;
                            }[];
                            next_cursor: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Totals and the last 24 hours */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            active_sessions: number;
                            adaptations_by_status: {
                                [key: string]: number;
                            };
                            events_by_country: {
                                [key: string]: number;
                            };
                            events_by_sensor: {
                                [key: string]: number;
                            };
                            events_by_severity: {
                                [key: string]: number;
                            };
                            events_by_type: {
                                [key: string]: number;
                            };
                            last_24_hours: {
                                events: number;
                                events_the_day_before: number;
                                high: number;
                                high_the_day_before: number;
                            };
                            top_attackers: {
                                as_name: string | null;
                                asn: number | null;
                                city: string | null;
                                country: string | null;
                                first_seen: string;
                                high_severity_count: number;
                                id: string;
                                ip_address: string;
                                last_seen: string;
                                most_common_username: string | null;
                                network: string | null;
                                reputation: number | null;
                                scanner: string | null;
                                successful_logins: number;
                                threat_level: string;
                                threat_score: number;
                                total_events: number;
                                total_sessions: number;
                                unique_passwords_count: number;
                            }[];
                            total_adaptations: number;
                            total_attackers: number;
                            total_events: number;
                            total_sessions: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats/countries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events by country and by autonomous system */
        get: {
            parameters: {
                query?: {
                    /** @description The same as to */
                    end_date?: string;
                    from?: string;
                    limit?: number;
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            attribution: {
                                text: string;
                                url: string;
                            }[];
                            countries: {
                                country: string | null;
                                events: number;
                                network: string | null;
                            }[];
                            networks: {
                                as_name: string;
                                asn: number | null;
                                country: string | null;
                                events: number;
                                network: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats/severity-trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events by severity, per hour or per day */
        get: {
            parameters: {
                query?: {
                    bucket?: "hour" | "day";
                    /** @description The same as to */
                    end_date?: string;
                    from?: string;
                    sensor?: string;
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            bucket: "hour" | "day";
                            data: {
                                HIGH: number;
                                LOW: number;
                                MEDIUM: number;
                                period: string;
                                total: number;
                                UNKNOWN: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats/techniques": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ATT&CK matrix: techniques that were seen, by tactic */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            attribution: string;
                            tactics: {
                                id: string;
                                name: string;
                                techniques: {
                                    events: number;
                                    first_seen: string;
                                    id: string;
                                    last_seen: string;
                                    name: string;
                                }[];
                            }[];
                            version: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats/techniques/navigator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Techniques that were seen as a layer (4.5) of MITRE's ATT&CK Navigator */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            description: string;
                            /** @enum {string} */
                            domain: "enterprise-attack";
                            gradient: {
                                colors: string[];
                                maxValue: number;
                                minValue: number;
                            };
                            hideDisabled: boolean;
                            metadata: {
                                name: string;
                                value: string;
                            }[];
                            name: string;
                            sorting: number;
                            techniques: {
                                comment: string;
                                enabled: boolean;
                                score: number;
                                showSubtechniques: boolean;
                                techniqueID: string;
                            }[];
                            versions: {
                                attack: string;
                                /** @enum {string} */
                                layer: "4.5";
                                navigator: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All tokens, newest first, the revoked and expired ones too; no secrets */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                created_at: string;
                                created_by: string | null;
                                expires_at: string | null;
                                id: string;
                                last_used_at: string | null;
                                name: string;
                                revoked_at: string | null;
                                /** @enum {string} */
                                role: "sensor" | "viewer" | "operator" | "admin";
                                /** @description The only parts of the API that it may ask; null for all of its role */
                                scopes: ("actions" | "adaptations" | "analyses" | "approvals" | "artifacts" | "attackers" | "audit" | "campaigns" | "config" | "decisions" | "events" | "feeds" | "live" | "lures" | "models" | "notices" | "operations" | "policy" | "searches" | "sensors" | "sessions" | "sources" | "stats" | "tokens" | "users")[] | null;
                                /** @description Whose lines it pushes, whatever they say; null: any */
                                sensor: string | null;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Another token; its secret is told this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description How long it is good; without it until it is revoked */
                        days?: number;
                        /** @description What it is for */
                        name: string;
                        /**
                         * @default viewer
                         * @enum {string}
                         */
                        role?: "sensor" | "viewer" | "operator" | "admin";
                        scopes?: ("actions" | "adaptations" | "analyses" | "approvals" | "artifacts" | "attackers" | "audit" | "campaigns" | "config" | "decisions" | "events" | "feeds" | "live" | "lures" | "models" | "notices" | "operations" | "policy" | "searches" | "sensors" | "sessions" | "sources" | "stats" | "tokens" | "users")[];
                        /** @description Binds a token of the role sensor to this name */
                        sensor?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            created_at: string;
                            created_by: string | null;
                            expires_at: string | null;
                            id: string;
                            last_used_at: string | null;
                            name: string;
                            revoked_at: string | null;
                            /** @enum {string} */
                            role: "sensor" | "viewer" | "operator" | "admin";
                            /** @description The only parts of the API that it may ask; null for all of its role */
                            scopes: ("actions" | "adaptations" | "analyses" | "approvals" | "artifacts" | "attackers" | "audit" | "campaigns" | "config" | "decisions" | "events" | "feeds" | "live" | "lures" | "models" | "notices" | "operations" | "policy" | "searches" | "sensors" | "sessions" | "sources" | "stats" | "tokens" | "users")[] | null;
                            secret: string;
                            /** @description Whose lines it pushes, whatever they say; null: any */
                            sensor: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a token worthless, at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            revoked: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/touches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Planted secrets that were used, with where they came from, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    limit?: number;
                    lure_id?: string;
                    session_id?: string;
                    source_ip?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                event_id: string;
                                id: string;
                                lure: {
                                    action_type: string | null;
                                    adaptation_id: string | null;
                                    first_read_at: string | null;
                                    first_read_ip: string | null;
                                    first_read_session: string | null;
                                    id: string;
                                    kind: string;
                                    path: string;
                                    planted_at: string;
                                    sensor: string | null;
                                    /** @description For whom it was planted; null for what every visitor sees */
                                    session_id: string | null;
                                    /** @description A key's id, a user's name: what gives nothing away */
                                    shown: string | null;
                                    source_ip: string | null;
                                };
                                /** @enum {string} */
                                place: "username" | "password" | "key" | "command" | "input" | "tunnel";
                                sensor: string;
                                session_id: string | null;
                                source_ip: string | null;
                                touched_at: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may sign in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                created_at: string;
                                last_sign_in_at: string | null;
                                name: string;
                                /** @enum {string} */
                                role: "viewer" | "operator" | "admin";
                                second_factor: boolean;
                                /** @description Open ones */
                                sessions: number;
                                /** @description The OpenID provider that vouches for this person */
                                single_sign_on: string | null;
                                /**
                                 * @description invited: has not followed the link yet
                                 * @enum {string}
                                 */
                                state: "active" | "invited" | "disabled";
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Somebody more; the answer is a link for him, good once and for three days */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /**
                         * @default viewer
                         * @enum {string}
                         */
                        role?: "viewer" | "operator" | "admin";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            expires_at: string;
                            link: string;
                            name: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another role, or disabled: then signed out everywhere, at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        disabled?: boolean;
                        /** @enum {string} */
                        role?: "viewer" | "operator" | "admin";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            created_at: string;
                            last_sign_in_at: string | null;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                            second_factor: boolean;
                            /** @description Open ones */
                            sessions: number;
                            /** @description The OpenID provider that vouches for this person */
                            single_sign_on: string | null;
                            /**
                             * @description invited: has not followed the link yet
                             * @enum {string}
                             */
                            state: "active" | "invited" | "disabled";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Who lost password or authenticator: takes the authenticator away and gives a link */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            expires_at: string;
                            link: string;
                            name: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/welcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a one-time link is for; with a password it is used up and signs in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /** @description At least 12 characters */
                        password?: string;
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            expires_at: string;
                            /** @description Null where the first admin chooses it */
                            name: string | null;
                            /**
                             * @description password_set: sign in now, with a code
                             * @enum {string}
                             */
                            state: "open" | "signed_in" | "password_set";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings that hold now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Rest between two adaptations of a sensor */
                            ADAPTATION_COOLDOWN_SECONDS: number;
                            /** @description Carry out other actions by ourselves */
                            CERBERUS_AUTO_ACTION: boolean;
                            /** @description Megabytes that stay free on the database's disk; null: not looked at */
                            CERBERUS_DISK_FREE_MB: number | null;
                            /** @description Do nothing at all by ourselves, whatever the rules say */
                            CERBERUS_KILL_SWITCH: boolean;
                            /** @description Days after which months of events go; null: never */
                            CERBERUS_RETENTION_DAYS: number | null;
                            /** @description Megabytes of events beyond which the oldest months go; null: no bound */
                            CERBERUS_RETENTION_MB: number | null;
                            /** @description Confidence from which a decision may act */
                            CERBERUS_THRESHOLD: number;
                            /** @description Carry out adaptations by ourselves */
                            ENABLE_AUTO_ADAPTATION: boolean;
                            /** @description Threat score from which an event triggers an adaptation */
                            HIGH_SEVERITY_THRESHOLD: number;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Change some settings; the answer is all of them as they hold from now on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Rest between two adaptations of a sensor */
                        ADAPTATION_COOLDOWN_SECONDS?: number;
                        /** @description Carry out other actions by ourselves */
                        CERBERUS_AUTO_ACTION?: boolean;
                        /** @description Megabytes that stay free on the database's disk; null: not looked at */
                        CERBERUS_DISK_FREE_MB?: number | null;
                        /** @description Do nothing at all by ourselves, whatever the rules say */
                        CERBERUS_KILL_SWITCH?: boolean;
                        /** @description Days after which months of events go; null: never */
                        CERBERUS_RETENTION_DAYS?: number | null;
                        /** @description Megabytes of events beyond which the oldest months go; null: no bound */
                        CERBERUS_RETENTION_MB?: number | null;
                        /** @description Confidence from which a decision may act */
                        CERBERUS_THRESHOLD?: number;
                        /** @description Carry out adaptations by ourselves */
                        ENABLE_AUTO_ADAPTATION?: boolean;
                        /** @description Threat score from which an event triggers an adaptation */
                        HIGH_SEVERITY_THRESHOLD?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Rest between two adaptations of a sensor */
                            ADAPTATION_COOLDOWN_SECONDS: number;
                            /** @description Carry out other actions by ourselves */
                            CERBERUS_AUTO_ACTION: boolean;
                            /** @description Megabytes that stay free on the database's disk; null: not looked at */
                            CERBERUS_DISK_FREE_MB: number | null;
                            /** @description Do nothing at all by ourselves, whatever the rules say */
                            CERBERUS_KILL_SWITCH: boolean;
                            /** @description Days after which months of events go; null: never */
                            CERBERUS_RETENTION_DAYS: number | null;
                            /** @description Megabytes of events beyond which the oldest months go; null: no bound */
                            CERBERUS_RETENTION_MB: number | null;
                            /** @description Confidence from which a decision may act */
                            CERBERUS_THRESHOLD: number;
                            /** @description Carry out adaptations by ourselves */
                            ENABLE_AUTO_ADAPTATION: boolean;
                            /** @description Threat score from which an event triggers an adaptation */
                            HIGH_SEVERITY_THRESHOLD: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/config/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget what was set, so that what is configured holds again; the answer is all settings as they hold then */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: "ENABLE_AUTO_ADAPTATION" | "CERBERUS_AUTO_ACTION" | "CERBERUS_KILL_SWITCH" | "HIGH_SEVERITY_THRESHOLD" | "CERBERUS_THRESHOLD" | "ADAPTATION_COOLDOWN_SECONDS" | "CERBERUS_RETENTION_DAYS" | "CERBERUS_RETENTION_MB" | "CERBERUS_DISK_FREE_MB";
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Rest between two adaptations of a sensor */
                            ADAPTATION_COOLDOWN_SECONDS: number;
                            /** @description Carry out other actions by ourselves */
                            CERBERUS_AUTO_ACTION: boolean;
                            /** @description Megabytes that stay free on the database's disk; null: not looked at */
                            CERBERUS_DISK_FREE_MB: number | null;
                            /** @description Do nothing at all by ourselves, whatever the rules say */
                            CERBERUS_KILL_SWITCH: boolean;
                            /** @description Days after which months of events go; null: never */
                            CERBERUS_RETENTION_DAYS: number | null;
                            /** @description Megabytes of events beyond which the oldest months go; null: no bound */
                            CERBERUS_RETENTION_MB: number | null;
                            /** @description Confidence from which a decision may act */
                            CERBERUS_THRESHOLD: number;
                            /** @description Carry out adaptations by ourselves */
                            ENABLE_AUTO_ADAPTATION: boolean;
                            /** @description Threat score from which an event triggers an adaptation */
                            HIGH_SEVERITY_THRESHOLD: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/config/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was changed while the engine ran, by whom, and what is configured */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                changed_at: string;
                                changed_by: string;
                                /** @description What the environment or the configuration file says, which holds again after a DELETE */
                                configured: unknown;
                                /** @enum {string} */
                                name: "ENABLE_AUTO_ADAPTATION" | "CERBERUS_AUTO_ACTION" | "CERBERUS_KILL_SWITCH" | "HIGH_SEVERITY_THRESHOLD" | "CERBERUS_THRESHOLD" | "ADAPTATION_COOLDOWN_SECONDS" | "CERBERUS_RETENTION_DAYS" | "CERBERUS_RETENTION_MB" | "CERBERUS_DISK_FREE_MB";
                                value: unknown;
                            }[];
                            next_cursor: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Decisions and why, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    decision?: "monitor" | "rotate_key" | "launch_decoy" | "insert_trap" | "escalate";
                    limit?: number;
                    rule?: string;
                    session_id?: string;
                    verdict?: "act" | "ask" | "nothing";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                adaptations: string[];
                                confidence: number;
                                decided_at: string;
                                decision: string;
                                event_id: string;
                                /** @description What kept it from being done */
                                guard: string | null;
                                id: string;
                                model_version: string;
                                policy_version: string;
                                rule: string;
                                sensor: string;
                                session_id: string;
                                severity: string;
                                source_ip: string | null;
                                target: string;
                                threat_score: number;
                                /** @description act, ask (a person must agree) or nothing */
                                verdict: string;
                                /** @description What the rule wanted, whatever the guards said */
                                wanted: string;
                                why: string;
                            }[];
                            next_cursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, newest first; q searches them */
        get: {
            parameters: {
                query?: {
                    /** @description The next_cursor of the answer before */
                    cursor?: string;
                    /** @description The same as to */
                    end_date?: string;
                    event_type?: string;
                    from?: string;
                    /** @description true: also our own probe's visits */
                    include_probe?: "0" | "1" | "true" | "false";
                    limit?: number;
                    /** @description A search: severity:HIGH -user:root "a text" (a OR b). Fields: severity, technique, ip, type, command, user, password, session, sensor, attack, score, anomaly, confidence, why, raw, protocol, port, is, country, asn, after, before, on */
                    q?: string;
                    sensor?: string;
                    session_id?: string;
                    /** @description UNKNOWN, LOW, MEDIUM, HIGH; several with commas between */
                    severity?: string;
                    source_ip?: string;
                    /** @description The same as from */
                    start_date?: string;
                    /** @description Exclusive; a whole day is included */
                    to?: string;
                    /** @description The same as event_type */
                    type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                anomaly_score: number | null;
                                attack_type: string | null;
                                command: string | null;
                                confidence: number | null;
                                event_type: string;
                                id: string;
                                is_analyzed: boolean;
                                is_probe: boolean;
                                password: string | null;
                                protocol: string | null;
                                sensor: string;
                                session_id: string | null;
                                severity: string;
                                shortened: boolean;
                                source_ip: string | null;
                                source_port: number | null;
                                techniques: string[];
                                threat_score: number | null;
                                timestamp: string;
                                username: string | null;
                                why: string | null;
                            }[];
                            next_cursor: string | null;
                            searched_to?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the engine works; 503 where it cannot store events. Open, and without secrets */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            analyst: "off" | "ready" | "resting" | "over_budget";
                            /** @enum {string} */
                            database: "connected" | "disconnected";
                            /** @enum {string} */
                            logWatcher: "active" | "inactive";
                            sources: {
                                active: boolean;
                                kind: string;
                                lagBytes: number | null;
                                lastEventAgeSeconds: number | null;
                                sensor: string | null;
                                /** @description Not there yet, and nobody said that it is: read as soon as it is, and no fault until then */
                                waiting: boolean;
                            }[];
                            /** @enum {string} */
                            status: "healthy" | "degraded" | "unhealthy";
                            timestamp: string;
                            uptimeSeconds: number;
                            version: string;
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            analyst: "off" | "ready" | "resting" | "over_budget";
                            /** @enum {string} */
                            database: "connected" | "disconnected";
                            /** @enum {string} */
                            logWatcher: "active" | "inactive";
                            sources: {
                                active: boolean;
                                kind: string;
                                lagBytes: number | null;
                                lastEventAgeSeconds: number | null;
                                sensor: string | null;
                                /** @description Not there yet, and nobody said that it is: read as soon as it is, and no fault until then */
                                waiting: boolean;
                            }[];
                            /** @enum {string} */
                            status: "healthy" | "degraded" | "unhealthy";
                            timestamp: string;
                            uptimeSeconds: number;
                            version: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Push events, one JSON object a line; answers when all of them are durable */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "content-encoding"?: "gzip" | "identity";
                    /** @description The same key with the same body again: what is durable already is skipped. With another body: 409. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description One JSON object a line, in UTF-8. At most 8388608 bytes, inflated 16777216. A line that cannot be read is parked and costs no other. */
            requestBody: {
                content: {
                    "application/jsonl": {
                        epoch?: number;
                        /** @description What happened. Ids of Cowrie are understood; any other is kept as a generic event. */
                        eventid: string;
                        late?: boolean;
                        protocol?: string;
                        /** @description Who saw it */
                        sensor?: string;
                        /** @description One visit; unique within its sensor */
                        session?: string | null;
                        src_ip?: string;
                        src_port?: number;
                        /** @description When: ISO 8601, 2026-11-22T10:00:00.000000Z */
                        timestamp: string;
                    };
                    "application/ndjson": {
                        epoch?: number;
                        /** @description What happened. Ids of Cowrie are understood; any other is kept as a generic event. */
                        eventid: string;
                        late?: boolean;
                        protocol?: string;
                        /** @description Who saw it */
                        sensor?: string;
                        /** @description One visit; unique within its sensor */
                        session?: string | null;
                        src_ip?: string;
                        src_port?: number;
                        /** @description When: ISO 8601, 2026-11-22T10:00:00.000000Z */
                        timestamp: string;
                    };
                    "application/x-ndjson": {
                        epoch?: number;
                        /** @description What happened. Ids of Cowrie are understood; any other is kept as a generic event. */
                        eventid: string;
                        late?: boolean;
                        protocol?: string;
                        /** @description Who saw it */
                        sensor?: string;
                        /** @description One visit; unique within its sensor */
                        session?: string | null;
                        src_ip?: string;
                        src_port?: number;
                        /** @description When: ISO 8601, 2026-11-22T10:00:00.000000Z */
                        timestamp: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of the body, inflated */
                            bytes: number;
                            /** @description Events that were there already */
                            duplicate: number;
                            /** @description Lines that could not be read: GET /api/parked */
                            parked: number;
                            /** @description Durable since an earlier request with the same Idempotency-Key */
                            skipped_bytes: number;
                            stored: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus text; figures for people with Accept: application/json */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Share of the adaptations of 30 days that took hold */
                            action_success_rate: number | null;
                            /** @description Sessions found in memory */
                            cache_hit_ratio: number | null;
                            /** @description From a decision being made to its being stored, with the batch that brought it about; the last 1000 */
                            decision_latency_ms: {
                                p50: number;
                                p95: number;
                                p99: number;
                            } | null;
                            /** @description Stored in the last 60 seconds */
                            events_processed_per_minute: number;
                            events_total: number;
                            /** @description Share of the adaptations of 30 days that a person took back as a false alarm */
                            false_positive_rate: number | null;
                            lines_parked_total: number;
                            live_clients: number;
                        } | string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What runs here */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            analyst: {
                                /** @description Null without a language model */
                                budget: {
                                    requests_per_day: number;
                                    requests_per_hour: number;
                                    tokens_per_day: number;
                                    tokens_per_hour: number;
                                } | null;
                                model: string | null;
                                provider: string | null;
                                requests_this_day: number;
                                requests_this_hour: number;
                                /** @enum {string} */
                                state: "off" | "ready" | "resting" | "over_budget";
                                tokens_this_day: number;
                                tokens_this_hour: number;
                                why: string;
                            };
                            auto_adaptation: boolean;
                            dry_run: boolean;
                            jobs_failed: number | null;
                            jobs_waiting: number | null;
                            memory_bytes: number;
                            model_version: string | null;
                            policy_version: string | null;
                            roles: string[];
                            sensors: {
                                kind: string;
                                last_seen: string | null;
                                prepared: boolean;
                                sensor: string;
                            }[];
                            started_at: string;
                            /** @enum {string} */
                            status: "healthy" | "degraded" | "unhealthy";
                            uptime_seconds: number;
                            version: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Train a new version from stored events and feedback; GET /api/models and the live feed say how far it is */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Only events of the last days; without it all */
                        days?: number;
                        /**
                         * @description Take the new version into use where it is not worse
                         * @default true
                         */
                        promote?: boolean;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            days: number | null;
                            done: number;
                            ended_at: string | null;
                            id: string;
                            promoted: boolean | null;
                            started_at: string;
                            started_by: string;
                            /** @enum {string} */
                            state: "running" | "done" | "refused" | "failed";
                            step: string;
                            version: string | null;
                            why: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
