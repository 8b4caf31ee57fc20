/**
 * What text says that speaks to a language model instead of a shell. A rule set, and no more than that: written by hand,
 * for the forms that we know. `weight` adds up over groups; see detect-injection.ts.
 */
export interface Sign {
  readonly group: 'override' | 'role' | 'channel' | 'verdict' | 'addressee' | 'disclosure';
  readonly weight: number;
  readonly pattern: RegExp;
}

const within = '[^\\n]{0,60}?';

function sign(group: Sign['group'], weight: number, ...sources: readonly string[]): Sign {
  return { group, weight, pattern: new RegExp(sources.join('|'), 'iu') };
}

const told = '(?:instructions?|prompts?|rules?|guidelines?|directives?|system message|context|orders|everything)';

export const signs: readonly Sign[] = [
  sign(
    'override',
    0.7,
    `\\b(?:ignore|disregard|forget|override|overrule|bypass|discard|neglect)\\b${within}\\b(?:previous|prior|above|earlier|all|your|the|any|preceding)\\b${within}\\b${told}\\b`,
    `\\b(?:new|updated|real|actual) (?:system )?(?:instructions?|directives?|task)\\s*:`,
    `\\b(?:ignoriere|ignorier|vergiss|missachte)\\b${within}\\b(?:anweisung|vorgabe|regel|instruktion)`,
    `\\b(?:ignore[zr]?|oublie[zr]?)\\b${within}\\b(?:instructions|consignes|règles|regles)\\b`,
    `\\b(?:ignora|olvida|omite|descarta|dimentica|esqueça|esqueca|ignore)\\b${within}\\b(?:instrucciones|órdenes|reglas|istruzioni|regole|instruções|instrucoes|regras)`,
    `\\b(?:negeer|vergeet)\\b${within}\\b(?:instructies|regels|aanwijzingen)`,
    `\\b(?:zignoruj|pomiń|pomin)\\b${within}(?:instrukcj|polece)`,
    `(?:игнорируй|забудь|не обращай внимания)${within}(?:инструкц|указани|правил)`,
    '(?:忽略|无视|無視|忘记|忘記|不要理会)[^\\n]{0,20}?(?:指令|指示|说明|說明|规则|規則|提示)',
    '(?:指示|命令|ルール|プロンプト)[^\\n]{0,12}?(?:無視|忘れ)',
    '(?:지시|명령|규칙|프롬프트)[^\\n]{0,12}?(?:무시|잊)',
    '(?:تجاهل|انس)[^\\n]{0,30}?(?:التعليمات|الأوامر|القواعد)',
    `(?:talimat|kural|yönerge|yonerge)[^\\n]{0,30}?(?:yok say|unut|görmezden gel|gormezden gel)`,
    '(?:निर्देश|नियम)[^\\n]{0,30}?(?:अनदेखा|भूल|नज़रअंदाज़)',
  ),
  sign(
    'role',
    0.5,
    `\\byou are (?:now|no longer|a (?:helpful|friendly|different))\\b`,
    `\\b(?:act|behave|respond|answer) (?:as|like) (?:a|an|the|if)\\b`,
    `\\bpretend (?:to be|that)\\b`,
    `\\b(?:developer|debug|maintenance|admin|god|test) mode\\b`,
    `\\bjailbreak`,
    `\\bdo anything now\\b`,
  ),
  sign(
    'channel',
    0.7,
    '<\\|?(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id)\\|?>',
    '\\[/?INST\\]|<</?SYS>>|</?(?:system|instructions?|data|untrusted|tool_result|function_results?)>',
    '"role"\\s*:\\s*"(?:system|assistant|developer|tool)"',
    '(?:^|[\\n;"\'>#])\\s*#{0,4}\\s*(?:system|assistant|developer)(?: message| prompt| note| override)?\\s*:',
    '\\b(?:tool|function)[_ ](?:result|response|output|call)\\b',
    '\\b(?:DATA|END)-[0-9a-f]{8,}',
    '\\bend of (?:data|untrusted|user|attacker|log|input)\\b',
  ),
  sign(
    'verdict',
    0.7,
    '\\b(?:threat_score|recommended_action|behavioral_patterns|attack_sophistication|indicators_of_compromise)\\b',
    `\\b(?:set|report|return|output|rate|score|assign|give|lower|reduce)\\b${within}\\b(?:threat|risk|severity)(?: score| level| rating)?\\b`,
    `\\b(?:classify|mark|label|report|treat|flag|consider|rate)\\b${within}\\b(?:benign|harmless|safe|legitimate|low severity|not malicious|authori[sz]ed|false positive)\\b`,
    `\\b(?:als harmlos|comme (?:bénin|benin|inoffensif)|como (?:benign[oa]|inofensiv[oa]|benigna)|безвредн|безопасн(?:ой|ым))`,
    '(?:标记为|标为|視為|评为|评分为)[^\\n]{0,10}?(?:安全|良性|无害|無害|低)',
    `\\brecommend(?:ed|ation)?\\b[^\\n]{0,20}?(?:rotate_key|launch_decoy|insert_trap|escalate|monitor)\\b`,
    '"severity"\\s*:\\s*"(?:low|none|info)',
  ),
  sign(
    'addressee',
    0.4,
    `\\b(?:dear|attention|note to|message to|hey|hello|hi)\\b[^\\n]{0,20}\\b(?:ai|llm|gpt|model|assistant|analyst|chatbot|agent)\\b`,
    `\\b(?:chatgpt|gpt-?[345]|claude|gemini|llama|language model|llm|ai (?:model|assistant|agent|analyst|system))\\b`,
    `\\bif you are an? (?:ai|llm|language model|assistant|automated)`,
    `\\bas an ai\\b`,
  ),
  sign(
    'disclosure',
    0.7,
    `\\b(?:print|repeat|reveal|show|output|include|quote|disclose|leak|copy|write out|tell me)\\b${within}\\b(?:system prompt|(?:your|initial|original|hidden|above) (?:instructions|prompt)|api key|the markers?|nonce)\\b`,
  ),
];

/** Sum of weights, each group counted once, from which text is called an attempt. */
export const attemptWeight = 0.7;
